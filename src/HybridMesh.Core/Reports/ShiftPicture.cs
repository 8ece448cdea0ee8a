using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>
/// A progressive shift over time: a column per step, the weights stacked in it; below it what the answers said.
/// </summary>
internal static class ShiftPicture
{
    private const double Left = 52;
    private const double Right = Svg.Width - 4;
    private const double Height = 240;
    private const double LegendColumn = 130;
    private static readonly int[] Quarters = [0, 25, 50, 75, 100];

    /// <summary>Draws the steps of one shift.</summary>
    public static XElement Draw(IReadOnlyList<TrafficShiftStep> steps, ReportContext context)
    {
        TrafficShiftStep last = steps[^1];
        ShiftColumn[] columns = [.. Columns(steps)];
        double[] widths = Widths(columns);
        string[] legend = columns.Zip(widths).Any(pair => pair.First.IsNarrow(pair.Second)) ? Versions(columns) : [];
        int perRow = (int)((Right - Left) / LegendColumn);
        bool isParted = columns.Any(column => column.Others is not null);
        double top = 24 + ((legend.Length + perRow - 1) / perRow * 20) + (isParted ? 18 : 0);
        double bottom = top + Height;
        List<object?> shapes =
        [
            .. legend.SelectMany((version, i) => Legend(
                version, Left + (i % perRow * LegendColumn), 6 + (i / perRow * 20), context)),
            .. Axis(bottom),
        ];
        double x = Left;
        double free = 0;
        double words = top - (isParted ? 26 : 8);
        for (int i = 0; i < columns.Length; i++)
        {
            shapes.AddRange(columns[i].Draw(x, widths[i], top, bottom, context));
            string time = columns[i].Start is { } start ? Invariant($"{start.TotalSeconds:+0.#;-0.#;0} s") : "";
            double end = x + 3 + SvgText.Measure(time, 11);
            if (time.Length > 0 && x + 3 >= free && end <= Svg.Width)
            {
                shapes.Add(Svg.Text("small soft", x + 3, words, time));
                free = end + 6;
            }

            x += widths[i];
        }

        return Svg.Picture(
            context.NextPicture(), bottom + 62, $"Time line of the shift of {last.VirtualService}, route {last.Route}",
            Description(steps), Svg.Width, shapes);
    }

    /// <summary>What became of a step, in words.</summary>
    public static string Words(ShiftAction action) => action switch
    {
        ShiftAction.Passed => "passed",
        ShiftAction.Completed => "completed",
        ShiftAction.RolledBack => "rolled back",
        _ => "overtaken",
    };

    /// <summary>How good what became of a step is.</summary>
    public static ReportState StateOf(ShiftAction action) =>
        action is ShiftAction.Passed or ShiftAction.Completed ? ReportState.Good : ReportState.Bad;

    private static IEnumerable<ShiftColumn> Columns(IReadOnlyList<TrafficShiftStep> steps)
    {
        IReadOnlyList<TrafficWeight> before = steps[0].PreviousWeights;
        if (before.Count > 0)
        {
            yield return new ShiftColumn { Weights = before, Head = "before" };
        }

        TimeSpan time = TimeSpan.Zero;
        foreach (TrafficShiftStep step in steps)
        {
            yield return Column(step, time);
            time += step.Elapsed;
        }

        // A shift that was resumed goes back to weights that its later steps don't tell.
        foreach (ShiftColumn column in After(steps[^1], steps[0].Step == 1 ? before : [], time))
        {
            yield return column;
        }
    }

    // What the weights are after the last step, and the steps that were not reached.
    private static IEnumerable<ShiftColumn> After(
        TrafficShiftStep last, IReadOnlyList<TrafficWeight> before, TimeSpan time)
    {
        if (last.Action == ShiftAction.RolledBack)
        {
            yield return new ShiftColumn
            {
                Weights = before,
                Head = "↩ weights",
                Outcome = "from before",
                Start = time,
            };
        }
        else if (last.Action == ShiftAction.Overtaken)
        {
            yield return new ShiftColumn { Head = "others'", Outcome = "weights left" };
        }

        for (int step = last.Step + 1; step <= last.Steps; step++)
        {
            yield return new ShiftColumn
            {
                Head = Invariant($"step {step}"),
                ShortHead = Invariant($"{step}"),
                Outcome = "not reached",
            };
        }
    }

    private static ShiftColumn Column(TrafficShiftStep step, TimeSpan start)
    {
        ReportState state = StateOf(step.Action);
        return new ShiftColumn
        {
            Weights = step.Weights,
            Others = step.Header is null ? null : step.PreviousWeights,
            Header = step.Header is null ? "" : $"only {HeaderRoute.Text(step.Header)}",
            Head = Invariant($"step {step.Step}"),
            ShortHead = Invariant($"{step.Step}"),
            State = state,
            Outcome = $"{ReportContext.Sign(state)} {Words(step.Action)}",
            Split = step.Verdict switch
            {
                Verdict.Consistent => "split fits",
                Verdict.Inconsistent => "split is wrong",
                _ => "split not told",
            },
            Start = start,
            Seconds = step.Elapsed.TotalSeconds,
        };
    }

    // Every step has room for its words; what is left is shared by how long they took.
    private static double[] Widths(ShiftColumn[] columns)
    {
        int parts = columns.Sum(column => column.Parts);
        double least = Math.Min(ShiftColumn.Room, (Right - Left) / parts);
        double spare = Right - Left - (least * parts);
        double total = columns.Sum(column => column.Seconds);
        return
        [
            .. columns.Select(column => (least * column.Parts)
                + (spare * (total > 0 ? column.Seconds / total : 1.0 / columns.Length))),
        ];
    }

    private static string[] Versions(ShiftColumn[] columns) =>
    [
        .. columns.SelectMany(column => column.Weights.Concat(column.Others ?? []))
            .Where(weight => weight.Percent > 0).Select(weight => weight.Version).Distinct()
            .OrderBy(ReportText.Order, StringComparer.Ordinal),
    ];

    private static object[] Legend(string version, double x, double y, ReportContext context) =>
    [
        Svg.Rect(context.Color(version), x, y, 14, 10),
        Svg.Fitted("small soft", x + 20, y + 9, LegendColumn - 26, 11, version),
    ];

    private static IEnumerable<object> Axis(double bottom) => Quarters.SelectMany(percent =>
    {
        double y = bottom - (percent / 100.0 * Height);
        return new object[]
        {
            Svg.Line("grid", Left - 4, y, Right, y),
            Svg.Text("small soft", Left - 8, y + 4, Invariant($"{percent} %"), "end"),
        };
    });

    private static string Description(IReadOnlyList<TrafficShiftStep> steps)
    {
        string before = steps[0].PreviousWeights.Count == 0
            ? "" : $"before: {Format.Weights(steps[0].PreviousWeights)}; ";
        return before + string.Join("; ", steps.Select(step => Invariant(
            $"step {Format.StepNumber(step)}: {Format.StepWeights(step)}, {step.Verdict}, {Words(step.Action)}")));
    }
}
