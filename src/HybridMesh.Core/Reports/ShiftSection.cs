using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>The progressive shifts of a report.</summary>
internal static class ShiftSection
{
    /// <summary>The steps, shift by shift: one that does not go on from the step before begins another shift.</summary>
    public static IReadOnlyList<IReadOnlyList<TrafficShiftStep>> Shifts(IEnumerable<TrafficShiftStep> steps)
    {
        List<List<TrafficShiftStep>> shifts = [];
        foreach (TrafficShiftStep step in steps)
        {
            if (shifts.LastOrDefault()?[^1] is not { } before
                || Route(before) != Route(step) || step.Step <= before.Step)
            {
                shifts.Add([]);
            }

            shifts[^1].Add(step);
        }

        return shifts;
    }

    /// <summary>What a shift says for the headline.</summary>
    public static ReportFact Fact(IReadOnlyList<TrafficShiftStep> steps)
    {
        TrafficShiftStep last = steps[^1];
        string weights = string.Join(", ", last.Weights.Where(weight => weight.Weight > 0));
        string shift = $"The shift of VirtualService {last.VirtualService} to {weights}";
        string step = $"step {Format.StepNumber(last)}";
        return last.Action switch
        {
            ShiftAction.Completed => new ReportFact(ReportState.Good, $"{shift} is complete"),
            ShiftAction.RolledBack => new ReportFact(
                ReportState.Bad, Invariant($"{shift} was rolled back at {step}: {last.Reason.TrimEnd('.')}")),
            ShiftAction.Overtaken => new ReportFact(
                ReportState.Bad, Invariant($"{shift} ended at {step}, because another writer changed the weights")),
            _ => new ReportFact(ReportState.Open, Invariant($"{shift} passed {step} and has not ended")),
        };
    }

    /// <summary>A shift with its time line, and the measurement of a step that did not hold.</summary>
    public static IEnumerable<XElement> Render(IReadOnlyList<TrafficShiftStep> steps, ReportContext context)
    {
        TrafficShiftStep last = steps[^1];
        yield return Html.Of("h3", $"{last.VirtualService}, route {last.Route}");
        yield return Html.Of("figure", ShiftPicture.Draw(steps, context));
        yield return Html.Table(
            "The steps; errors and 99th percentile as they were judged",
            ["Step", "Weights", "Verdict", "Outcome", "#Errors", "#p99", "#Took", "Why"],
            steps.Select(step => new[]
            {
                Format.StepNumber(step), Format.Weights(step.Weights), $"{step.Verdict}",
                $"{ReportContext.Sign(ShiftPicture.StateOf(step.Action))} {ShiftPicture.Words(step.Action)}",
                Format.StepErrors(step), Format.StepP99(step), Invariant($"{step.Elapsed.TotalSeconds:0.#} s"),
                step.Reason,
            }));
        if (ShiftPicture.StateOf(last.Action) == ReportState.Bad && last.Measurement is { } measurement)
        {
            string heading = Invariant($"What step {last.Step} measured");
            foreach (XElement element in SplitSection.Render(measurement, context, heading))
            {
                yield return element;
            }
        }
    }

    private static (string, string, string) Route(TrafficShiftStep step) =>
        (step.Namespace, step.VirtualService, step.Route);
}
