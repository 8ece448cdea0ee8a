using System.Xml.Linq;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>
/// The shapes of pictures. Colours are classes, so that the page's style fits them to dark, light and paper.
/// </summary>
internal static class Svg
{
    /// <summary>The width of every picture, in its own units.</summary>
    public const double Width = 840;

    /// <summary>A picture with a title and a description for those who don't see it.</summary>
    public static XElement Picture(int id, double height, string title, string description, double width,
        params object?[] content) => Html.Classed(
        "div", "wide",
        Html.Of(
            "svg",
            new XAttribute("viewBox", $"0 0 {Html.Number(width)} {Html.Number(height)}"),
            new XAttribute("width", Html.Number(width)),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", Invariant($"t{id} d{id}")),
            Html.Of("title", new XAttribute("id", Invariant($"t{id}")), title),
            Html.Of("desc", new XAttribute("id", Invariant($"d{id}")), description),
            content));

    /// <summary>A rectangle.</summary>
    public static XElement Rect(string style, double x, double y, double width, double height,
        double radius = 0) => Html.Classed(
        "rect", style, At("x", x), At("y", y), At("width", Math.Max(width, 0)), At("height", Math.Max(height, 0)),
        radius > 0 ? At("rx", radius) : null);

    /// <summary>A line.</summary>
    public static XElement Line(string style, double x1, double y1, double x2, double y2) =>
        Html.Classed("line", style, At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2));

    /// <summary>A closed shape through points.</summary>
    public static XElement Polygon(string style, params (double X, double Y)[] points) => Html.Classed(
        "polygon", style,
        new XAttribute(
            "points", string.Join(' ', points.Select(point => $"{Html.Number(point.X)},{Html.Number(point.Y)}"))));

    /// <summary>A circle.</summary>
    public static XElement Circle(string style, double x, double y, double radius) =>
        Html.Classed("circle", style, At("cx", x), At("cy", y), At("r", radius));

    /// <summary>A line of text; the anchor is start, middle or end.</summary>
    public static XElement Text(string style, double x, double y, string text, string anchor = "start") => Html.Classed(
        "text", style, At("x", x), At("y", y), anchor == "start" ? null : new XAttribute("text-anchor", anchor), text);

    /// <summary>A line of text no wider than there is room for; a pointer that rests on it shows all of it.</summary>
    public static XElement Fitted(string style, double x, double y, double room, double size, string text,
        string anchor = "start") => Titled(style, x, y, SvgText.Fit(text, room, size), text, anchor);

    /// <summary>A line of text that stands for a whole one, which a pointer that rests on it shows.</summary>
    public static XElement Titled(string style, double x, double y, string text, string whole,
        string anchor = "start")
    {
        XElement element = Text(style, x, y, text, anchor);
        if (text != whole)
        {
            element.AddFirst(Html.Of("title", whole));
        }

        return element;
    }

    /// <summary>An arrow to the right.</summary>
    public static object[] Arrow(string style, double x1, double x2, double y) =>
    [
        Line($"arrow {style}", x1, y, x2 - 8, y),
        Polygon($"head {style}", (x2 - 9, y - 5), (x2, y), (x2 - 9, y + 5)),
    ];

    private static XAttribute At(string name, double value) => new(name, Html.Number(value));
}
