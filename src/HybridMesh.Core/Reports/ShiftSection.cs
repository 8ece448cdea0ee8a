using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>The progressive shifts of a report.</summary>
internal static class ShiftSection
{
    // More of them would bury the verdict.
    private const int MostNamed = 6;

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
        TrafficWeight[] named = [.. last.Weights.Where(weight => weight.Weight > 0)];
        string weights = named.Length > MostNamed
            ? Invariant($"weights of {named.Length} versions") : string.Join(", ", named.AsEnumerable());
        string whose = last.Header is null ? "" : $" for requests with {Headers(last)}";
        string shift = $"The shift of VirtualService {last.VirtualService} to {weights}{whose}";
        string step = $"step {Format.StepNumber(last)}";
        return last.Action switch
        {
            ShiftAction.Completed => new ReportFact(ReportState.Good, $"{shift} is complete"),
            ShiftAction.RolledBack => new ReportFact(
                ReportState.Bad, $"{shift} was rolled back at {step}: {ReportText.Readable(last.Reason.TrimEnd('.'))}"),
            ShiftAction.Overtaken => new ReportFact(
                ReportState.Bad, Invariant($"{shift} ended at {step}, because another writer changed the weights")),
            _ => new ReportFact(ReportState.Open, Invariant($"{shift} passed {step} and has not ended")),
        };
    }

    /// <summary>The shifts; the worst ones with their time line.</summary>
    public static IEnumerable<XElement> Render(
        IReadOnlyList<IReadOnlyList<TrafficShiftStep>> shifts, ReportContext context)
    {
        if (shifts.Count == 0)
        {
            yield break;
        }

        yield return Html.Of("h2", "Progressive shift");
        (IReadOnlyList<TrafficShiftStep>[] drawn, IReadOnlyList<TrafficShiftStep>[] others) =
            ReportContext.Worst(shifts.ToArray(), steps => Fact(steps).State);
        Dictionary<string, int> all = shifts.GroupBy(steps => Heading(steps[^1]))
            .ToDictionary(group => group.Key, group => group.Count());
        Dictionary<string, int> shown = [];
        foreach (IReadOnlyList<TrafficShiftStep> steps in drawn)
        {
            string heading = Heading(steps[^1]);
            int place = shown[heading] = shown.GetValueOrDefault(heading) + 1;
            string count = all[heading] == 1 ? "" : Invariant($" (shift {place:N0} of {all[heading]:N0})");
            foreach (XElement element in Render(steps, heading + count, context))
            {
                yield return element;
            }
        }

        if (others.Length > 0)
        {
            yield return Html.Table(
                Invariant($"{others.Length:N0} more shifts"), ["Route", "#Steps", "*In words"],
                others.Select(steps => new object[]
                {
                    Heading(steps[^1]), Invariant($"{steps.Count:N0}"),
                    ReportText.Marked(Fact(steps).State, $"{Fact(steps).Text}."),
                }));
        }
    }

    // With the measurement of a step that did not hold.
    private static IEnumerable<XElement> Render(
        IReadOnlyList<TrafficShiftStep> steps, string heading, ReportContext context)
    {
        TrafficShiftStep last = steps[^1];
        ReportFact fact = Fact(steps);
        yield return Html.Classed(
            "div", "keep", Html.Of("h3", heading),
            Html.Classed(
                "p", ReportContext.Style(fact.State),
                Html.Of("strong", $"{ReportContext.Sign(fact.State)} {fact.Text}.")),
            Html.Of("figure", ShiftPicture.Draw(steps, context)));
        yield return Html.Table(
            "The steps; errors and 99th percentile (p99) as they were judged",
            ["Step", "Weights", "Outcome, split", "#Errors", "#p99", "#Took", "*Why"],
            steps.Select(step => new object[]
            {
                Format.StepNumber(step), Weights(step), Outcome(step),
                Format.StepErrors(step), Format.StepP99(step), Invariant($"{step.Elapsed.TotalSeconds:0.#} s"),
                ReportText.Readable(step.Reason),
            }));
        if (ShiftPicture.StateOf(last.Action) != ReportState.Bad)
        {
            yield break;
        }

        string what = Invariant($"What step {last.Step} measured");
        (TrafficShiftResult?, string)[] measurements =
        [
            (last.Measurement, last.Header is null ? what : $"{what} of requests with {Headers(last)}"),
            (last.MeasurementWithoutHeader, $"{what} of all other requests"),
        ];
        foreach ((TrafficShiftResult? measurement, string title) in measurements)
        {
            foreach (XElement element in measurement is null ? [] : SplitSection.Render(measurement, context, title))
            {
                yield return element;
            }
        }
    }

    private static string Heading(TrafficShiftStep step) => $"{step.VirtualService}, route {step.Route}";

    private static string Headers(TrafficShiftStep step) => HeaderRoute.Text(step.Header!);

    private static object[] Outcome(TrafficShiftStep step) =>
    [
        ReportText.Marked(ShiftPicture.StateOf(step.Action), ShiftPicture.Words(step.Action)), Html.Of("br"),
        $"{step.Verdict}",
    ];

    private static string Weights(TrafficShiftStep step)
    {
        string weights = ReportText.Weights([.. step.Weights.Where(weight => weight.Percent > 0)]);
        return step.Header is null ? weights
            : $"only requests with {Headers(step)}: {weights}; all others keep "
                + ReportText.Weights([.. step.PreviousWeights.Where(weight => weight.Percent > 0)]);
    }

    private static (string, string, string) Route(TrafficShiftStep step) =>
        (step.Namespace, step.VirtualService, step.Route);
}
