namespace HybridMesh.Core;

/// <summary>A box of a path's picture.</summary>
/// <param name="Style">Its class.</param>
/// <param name="Head">What it is.</param>
/// <param name="Name">Its name, which may take two lines.</param>
/// <param name="Last">The line below.</param>
/// <param name="Role">What stands in the head's place when it is too long for it and takes the name's.</param>
/// <param name="Broken">The stage that failed on the way to it; null when it was reached.</param>
internal sealed record PathBox(
    string Style, string Head, string Name, string Last, string Role, PathStage? Broken = null)
{
    private const double Small = 11;
    private const double Line = 14;

    /// <summary>Whether its name takes two lines.</summary>
    public bool IsHigh(double width) => Texts(width).Second is not null;

    /// <summary>Its shapes.</summary>
    public IEnumerable<object?> Draw(double x, double y, double width, double height)
    {
        (string head, string first, string? second) = Texts(width);
        string name = head == Head ? Name : Head;
        double middle = x + (width / 2);
        int lines = 1 + (second is null ? 1 : 2) + (Last.Length > 0 ? 1 : 0);
        double top = y + ((height - (lines * Line)) / 2) + 11;
        yield return Svg.Rect(Style, x, y, width, height, 6);
        yield return Svg.Fitted("strong", middle, top, width - 12, SvgText.Bold, head, "middle");
        yield return Svg.Titled("small soft", middle, top + Line + 2, first, name, "middle");
        if (second is not null)
        {
            yield return Svg.Titled("small soft", middle, top + (2 * Line) + 1, second, name, "middle");
        }

        if (Last.Length > 0)
        {
            string style = Last.Contains('✕', StringComparison.Ordinal) ? "small bad" : "small soft";
            yield return Svg.Fitted(style, middle, top + ((lines - 1) * Line) + 2, width - 14, Small, Last, "middle");
        }
    }

    private (string Head, string First, string? Second) Texts(double width)
    {
        bool fits = Role.Length == 0 || SvgText.Measure(Head, SvgText.Bold) <= width - 12;
        (string first, string? second) = SvgText.Lines(fits ? Name : Head, width - 14, Small);
        return (fits ? Head : Role, first, second);
    }
}
