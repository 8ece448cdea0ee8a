using System.Xml.Linq;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>How long answers took, by version: the percentiles on one axis, each with a shape of its own.</summary>
internal static class LatencyPicture
{
    private const double Left = 120;
    private const double Right = Svg.Width - 60;
    private const double Row = 34;
    private static readonly string[] Names = ["p50", "p90", "p95", "p99", "slowest"];

    /// <summary>The rows: each version that has answers, and all together.</summary>
    public static IReadOnlyList<(string Name, LatencySummary Latency)> Rows(TrafficShiftResult result) =>
    [
        .. result.Versions.Where(row => row.Latency.Max > TimeSpan.Zero).Select(row => (row.Version, row.Latency)),
        .. result.Latency.Max > TimeSpan.Zero ? [("all", result.Latency)] : Array.Empty<(string, LatencySummary)>(),
    ];

    /// <summary>Draws it.</summary>
    public static XElement Draw(IReadOnlyList<(string Name, LatencySummary Latency)> rows, ReportContext context)
    {
        double least = Math.Max(rows.Min(row => row.Latency.P50.TotalMilliseconds), 0.01);
        double most = Math.Max(rows.Max(row => row.Latency.Max.TotalMilliseconds), least);
        ReportScale scale = most / least > 20
            ? ReportScale.Logarithmic(least, most, Left, Right) : ReportScale.Linear(most, Left, Right);
        double bottom = 34 + (rows.Count * Row);
        return Svg.Picture(
            context.NextPicture(), bottom + 28, "Latency by version",
            string.Join("; ", rows.Select(row => $"{row.Name}: {row.Latency}"))
                + (scale.IsLogarithmic ? "; equal distances of the axis are equal factors" : ""),
            Svg.Width, Legend(), scale.IsLogarithmic
                ? Svg.Text("small soft", Right, 17, "equal distances are equal factors", "end") : null,
            scale.Ticks.SelectMany(tick => new[]
            {
                Svg.Line("grid", scale.Place(tick), 30, scale.Place(tick), bottom),
                Svg.Text("small soft", scale.Place(tick), bottom + 17, Invariant($"{tick:0.###} ms"), "middle"),
            }),
            rows.Select((row, i) => Percentiles(row.Name, row.Latency, 34 + (i * Row) + (Row / 2), scale, context)));
    }

    private static object[] Percentiles(string name, LatencySummary latency, double y, ReportScale scale,
        ReportContext context)
    {
        string color = context.Color(name);
        double p50 = Place(latency.P50);
        double p99 = Place(latency.P99);
        return
        [
            Svg.Fitted("strong", Left - 12, y + 5, Left - 20, SvgText.Bold, name, "end"),
            Svg.Line("mark", p50, y, Place(latency.Max), y),
            Svg.Rect(color, p50, y - 5, p99 - p50, 10),
            Shape(0, color, p50, y), Shape(1, color, Place(latency.P90), y), Shape(2, color, Place(latency.P95), y),
            Shape(3, color, p99, y), Shape(4, color, Place(latency.Max), y),
        ];

        double Place(TimeSpan span) => scale.Place(span.TotalMilliseconds);
    }

    private static IEnumerable<object> Legend() => Names.SelectMany((name, i) => new object[]
    {
        Shape(i, "vn", Left + 8 + (i * 80), 13), Svg.Text("small soft", Left + 20 + (i * 80), 17, name),
    });

    private static XElement Shape(int kind, string color, double x, double y) => kind switch
    {
        0 => Svg.Circle($"{color} mark", x, y, 6),
        1 => Svg.Polygon($"{color} mark", (x, y - 7), (x + 6, y), (x, y + 7), (x - 6, y)),
        2 => Svg.Polygon($"{color} mark", (x - 6, y + 5), (x + 6, y + 5), (x, y - 7)),
        3 => Svg.Rect($"{color} mark", x - 5, y - 5, 10, 10),
        _ => Svg.Line("whisker", x, y - 8, x, y + 8),
    };
}
