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
    private const double Top = 24;
    private const double Bottom = 264;
    private const double LeastRoom = 84;
    private static readonly int[] Quarters = [0, 25, 50, 75, 100];

    /// <summary>Draws the steps of one shift.</summary>
    public static XElement Draw(IReadOnlyList<TrafficShiftStep> steps, ReportContext context)
    {
        TrafficShiftStep last = steps[^1];
        bool isBack = last.Action is ShiftAction.RolledBack or ShiftAction.Overtaken;
        int missing = Math.Max(last.Steps - last.Step, 0);
        double[] widths = Widths(steps, (isBack ? 1 : 0) + missing);
        List<object?> shapes = [.. Axis()];
        double x = Left;
        TimeSpan time = TimeSpan.Zero;
        for (int i = 0; i < steps.Count; i++)
        {
            shapes.AddRange(Column(steps[i], time, x, widths[i], context));
            x += widths[i];
            time += steps[i].Elapsed;
        }

        for (int i = 0; i < widths.Length - steps.Count; i++)
        {
            bool back = isBack && i == 0;
            int step = last.Step + i + (isBack ? 0 : 1);
            shapes.AddRange(Ghost(
                x, widths[steps.Count + i],
                back ? (last.Action == ShiftAction.RolledBack ? "↩ weights" : "others'") : Invariant($"step {step}"),
                back ? (last.Action == ShiftAction.RolledBack ? "from before" : "weights left") : "not reached"));
            x += widths[steps.Count + i];
        }

        return Svg.Picture(
            context.NextPicture(), Bottom + 62, $"Time line of the shift of {last.VirtualService}, route {last.Route}",
            string.Join("; ", steps.Select(step => Invariant(
                $"step {Format.StepNumber(step)}: {Format.Weights(step.Weights)}, {step.Verdict}, ")
                + Words(step.Action))),
            shapes);
    }

    /// <summary>What became of a step, in words.</summary>
    public static string Words(ShiftAction action) => action switch
    {
        ShiftAction.Passed => "passed",
        ShiftAction.Completed => "completed",
        ShiftAction.RolledBack => "rolled back",
        _ => "overtaken",
    };

    // Every step has room for its words; what is left is shared by how long they took.
    private static double[] Widths(IReadOnlyList<TrafficShiftStep> steps, int ghosts)
    {
        double all = Right - Left;
        double least = Math.Min(LeastRoom, all / (steps.Count + ghosts));
        double spare = all - (least * (steps.Count + ghosts));
        double total = steps.Sum(step => step.Elapsed.TotalSeconds);
        return
        [
            .. steps.Select(step => total > 0 ? step.Elapsed.TotalSeconds / total : 1.0 / steps.Count)
                .Select(part => least + (spare * part)),
            .. Enumerable.Repeat(least, ghosts),
        ];
    }

    private static IEnumerable<object> Axis() => Quarters.SelectMany(percent => new object[]
    {
        Svg.Line("grid", Left - 4, Place(percent), Right, Place(percent)),
        Svg.Text("small soft", Left - 8, Place(percent) + 4, Invariant($"{percent} %"), "end"),
    });

    private static IEnumerable<object?> Column(
        TrafficShiftStep step, TimeSpan start, double x, double width, ReportContext context)
    {
        double total = Math.Max(step.Weights.Sum(weight => weight.Percent), 1e-9);
        double bottom = 0;
        foreach (TrafficWeight weight in step.Weights.Where(weight => weight.Percent > 0))
        {
            double share = weight.Percent / total * 100;
            double y = Place(bottom + share);
            double height = Place(bottom) - y;
            yield return Svg.Rect($"{context.Color(weight.Version)} cut", x + 1, y, width - 2, height);
            if (height >= 12)
            {
                yield return Svg.Fitted(
                    context.OnColor(weight.Version), x + (width / 2), y + (height / 2) + 4, width - 8, 12,
                    Invariant($"{weight.Version} {weight.Percent:0.##} %"), "middle");
            }

            bottom += share;
        }

        ReportState state = StateOf(step.Action);
        if (state != ReportState.Good)
        {
            yield return Svg.Rect("frame", x + 1, Top - 2, width - 2, Bottom - Top + 4);
        }

        yield return Svg.Text("small soft", x + 3, Top - 8, Invariant($"{start.TotalSeconds:+0.#;-0.#;0} s"));
        yield return Svg.Fitted(
            "strong", x + (width / 2), Bottom + 18, width - 4, 13, Invariant($"step {step.Step}"), "middle");
        yield return Svg.Fitted(
            $"small {ReportContext.Style(state)}", x + (width / 2), Bottom + 35, width - 2, 11,
            $"{ReportContext.Sign(state)} {Words(step.Action)}", "middle");
        yield return Svg.Fitted("small soft", x + (width / 2), Bottom + 50, width - 2, 11, $"{step.Verdict}", "middle");
    }

    private static IEnumerable<object?> Ghost(double x, double width, string line, string next) =>
    [
        Svg.Rect("box ghost", x + 2, Top, width - 4, Bottom - Top),
        Svg.Fitted("small soft", x + (width / 2), ((Top + Bottom) / 2) - 4, width - 6, 11, line, "middle"),
        Svg.Fitted("small soft", x + (width / 2), ((Top + Bottom) / 2) + 11, width - 6, 11, next, "middle"),
    ];

    /// <summary>How good what became of a step is.</summary>
    public static ReportState StateOf(ShiftAction action) =>
        action is ShiftAction.Passed or ShiftAction.Completed ? ReportState.Good : ReportState.Bad;

    private static double Place(double percent) => Bottom - (percent / 100 * (Bottom - Top));
}
