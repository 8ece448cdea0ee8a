using System.Xml.Linq;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>A column of a shift's time line: weights from the bottom up, and words below.</summary>
internal sealed record ShiftColumn
{
    /// <summary>The least width of a column whose words are written out.</summary>
    public const double Room = 84;

    private const double Narrow = 58;
    private const double Gap = 2;

    /// <summary>The weights; empty when they are not known.</summary>
    public IReadOnlyList<TrafficWeight> Weights { get; init; } = [];

    /// <summary>What requests without the step's headers keep; null when the step is for all.</summary>
    public IReadOnlyList<TrafficWeight>? Others { get; init; }

    /// <summary>The words over the two parts of a step that is for some requests only.</summary>
    public string Header { get; init; } = "";

    /// <summary>What it is, such as <c>step 2</c>.</summary>
    public required string Head { get; init; }

    /// <summary>The same where there is little room; null to write nothing then.</summary>
    public string? ShortHead { get; init; }

    /// <summary>How good what became of it is.</summary>
    public ReportState State { get; init; }

    /// <summary>The words below the head.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The last words.</summary>
    public string Split { get; init; } = "";

    /// <summary>When it began; null when that is not known.</summary>
    public TimeSpan? Start { get; init; }

    /// <summary>How long it took; 0 when that is not known.</summary>
    public double Seconds { get; init; }

    /// <summary>How many parts lie side by side.</summary>
    public int Parts => Others is null ? 1 : 2;

    /// <summary>Whether words don't fit into a column of this width.</summary>
    public bool IsNarrow(double width) => width / Parts < Narrow;

    /// <summary>Its shapes.</summary>
    public IEnumerable<object?> Draw(double x, double width, double top, double bottom, ReportContext context)
    {
        double part = width / Parts;
        List<object?> shapes = Weights.Count == 0
            ? [Svg.Rect("box ghost", x + Gap, top, width - (2 * Gap), bottom - top)]
            : [.. Stack(Weights, x, part, top, bottom, context)];
        if (Others is not null)
        {
            shapes.AddRange(Stack(Others, x + part, part, top, bottom, context));
            shapes.Add(Svg.Line("parted", x + part, top - 18, x + part, bottom + 4));
            shapes.Add(Over(Header, x));
            shapes.Add(Over("all others", x + part));
        }

        if (State == ReportState.Bad)
        {
            shapes.Add(Svg.Rect("frame", x + 1, top - 2, width - 2, bottom - top + 4));
        }

        shapes.AddRange(Words(x + (width / 2), width, bottom));
        return shapes;

        XElement Over(string text, double left) =>
            Svg.Fitted("small", left + (part / 2), top - 7, part - 6, 11, text, "middle");
    }

    private IEnumerable<XElement?> Words(double middle, double width, double bottom)
    {
        bool isNarrow = IsNarrow(width);
        if ((isNarrow ? ShortHead : Head) is { } head && SvgText.Measure(head, SvgText.Bold) <= width + 6)
        {
            yield return Svg.Text("strong", middle, bottom + 18, head, "middle");
        }

        string outcome = isNarrow ? State == ReportState.Plain ? "" : ReportContext.Sign(State) : Outcome;
        yield return Below(ReportContext.Style(State), outcome, 35);
        yield return Below("soft", isNarrow ? "" : Split, 50);

        XElement? Below(string style, string text, double down) => text.Length == 0
            ? null : Svg.Fitted($"small {style}", middle, bottom + down, width - 2, 11, text, "middle");
    }

    private static IEnumerable<object> Stack(
        IReadOnlyList<TrafficWeight> weights, double x, double width, double top, double bottom,
        ReportContext context)
    {
        double total = Math.Max(weights.Sum(weight => weight.Percent), 1e-9);
        double at = bottom;
        foreach (TrafficWeight weight in weights.Where(weight => weight.Percent > 0))
        {
            double height = weight.Percent / total * (bottom - top);
            at -= height;
            string whole = Invariant($"{weight.Version} {weight.Percent:0.##} %");
            XElement part = Svg.Rect($"{context.Color(weight.Version)} cut", x + 1, at, width - Gap, height);
            part.Add(Html.Of("title", whole));
            yield return part;
            if (height >= 12 && Label(weight, whole, width - 6) is { } label)
            {
                yield return Svg.Titled(
                    context.OnColor(weight.Version), x + (width / 2), at + (height / 2) + 4, label, whole, "middle");
            }
        }
    }

    // Where there is no room for the version, its colour is in the legend.
    private static string? Label(TrafficWeight weight, string whole, double room)
    {
        string fitted = SvgText.Fit(whole, room, 12);
        string[] shorter = [Invariant($"{weight.Percent:0.##} %"), Invariant($"{weight.Percent:0.##}")];
        return room >= Narrow - 6 || fitted == whole
            ? fitted : shorter.FirstOrDefault(text => SvgText.Measure(text, 12) <= room);
    }
}
