using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>A split against what was expected: a bar, a whisker and a diamond per version.</summary>
internal static class SplitPicture
{
    private const double Left = 120;
    private const double Right = Svg.Width - 130;
    private const double Row = 46;
    private const double Bar = 22;

    /// <summary>Draws it.</summary>
    public static XElement Draw(TrafficShiftResult result, ReportContext context)
    {
        double most = result.Versions.Max(row => Math.Max(row.Expected, Math.Max(row.Share, row.IntervalHigh)));
        ReportScale scale = ReportScale.Linear(most, Left, Right);
        double bottom = 34 + (result.Versions.Count * Row);
        return Svg.Picture(
            context.NextPicture(), bottom + 28,
            $"Split of {result.VirtualService ?? result.Uri.ToString()} by version",
            string.Join("; ", result.Versions.Select(row => Invariant(
                $"{row.Version}: {row.Share:0.0} % of {row.Expected:0.##} % asked for, interval ")
                + Format.Interval(row))),
            Svg.Width, Legend(result),
            scale.Ticks.SelectMany(tick => new[]
            {
                Svg.Line("grid", scale.Place(tick), 30, scale.Place(tick), bottom),
                Svg.Text("small soft", scale.Place(tick), bottom + 17, Invariant($"{tick:0.##} %"), "middle"),
            }),
            result.Versions.Select((row, i) => Share(row, 34 + (i * Row) + (Row / 2), scale, context)));
    }

    private static object[] Share(TrafficShare row, double y, ReportScale scale, ReportContext context)
    {
        double low = scale.Place(row.IntervalLow);
        double high = scale.Place(row.IntervalHigh);
        double expected = scale.Place(row.Expected);
        bool isOutside = row.Expected < row.IntervalLow || row.Expected > row.IntervalHigh;
        return
        [
            Svg.Fitted("strong", Left - 12, y + 5, Left - 20, SvgText.Bold, row.Version, "end"),
            Svg.Rect(context.Color(row.Version), Left, y - (Bar / 2), scale.Place(row.Share) - Left, Bar),
            Svg.Line("whisker", low, y, high, y),
            Svg.Line("whisker", low, y - 6, low, y + 6),
            Svg.Line("whisker", high, y - 6, high, y + 6),
            Svg.Line("whisker", expected, y - 18, expected, y + 18),
            Svg.Polygon(
                "expected", (expected, y - 20), (expected + 5, y - 14), (expected, y - 8), (expected - 5, y - 14)),
            Svg.Text("strong", Right + 14, y, Invariant($"{row.Share:0.0#} %")),
            Svg.Text(
                isOutside ? "small bad" : "small soft", Right + 14, y + 15,
                Invariant($"expected {row.Expected:0.##} %{(isOutside ? " ✕" : "")}")),
        ];
    }

    private static object[] Legend(TrafficShiftResult result)
    {
        string sure = Invariant($"the true share lies in here ({(1 - result.Alpha) * 100:0.####} % sure ")
            + "of all versions)";
        return
        [
            Svg.Rect("vn", Left, 8, 18, 10),
            Svg.Text("small soft", Left + 24, 17, "share that arrived"),
            Svg.Polygon("expected", (Left + 155, 7), (Left + 160, 13), (Left + 155, 19), (Left + 150, 13)),
            Svg.Text("small soft", Left + 166, 17, "share asked for"),
            Svg.Line("whisker", Left + 276, 13, Left + 302, 13),
            Svg.Line("whisker", Left + 276, 8, Left + 276, 18),
            Svg.Line("whisker", Left + 302, 8, Left + 302, 18),
            Svg.Text("small soft", Left + 308, 17, sure),
        ];
    }
}
