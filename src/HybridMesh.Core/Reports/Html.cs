using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace HybridMesh.Core;

/// <summary>
/// Elements of a page. It is built as a tree and escaped when it is written, so that no name of the mesh ever becomes
/// markup.
/// </summary>
internal static class Html
{
    private static readonly HashSet<string> Void = ["meta", "br", "hr", "col"];

    /// <summary>An element; nulls in the content are left out.</summary>
    public static XElement Of(string name, params object?[] content) => new(name, content);

    /// <summary>An element of a class.</summary>
    public static XElement Classed(string name, string @class, params object?[] content) =>
        new(name, new XAttribute("class", @class), content);

    /// <summary>A table; columns whose heads begin with <c>#</c> hold numbers.</summary>
    public static XElement Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        bool[] isNumber = [.. heads.Select(head => head.StartsWith('#'))];
        return Classed(
            "div", "wide",
            Of(
                "table",
                Of("caption", caption),
                Of("thead", Of("tr", heads.Select((head, i) => Cell("th", head.TrimStart('#'), isNumber[i], "col")))),
                Of("tbody", rows.Select(row => Of("tr", row.Select((text, i) => i == 0
                    ? Cell("th", text, isNumber[i], "row") : Cell("td", text, isNumber[i], null)))))));
    }

    /// <summary>The page as text.</summary>
    public static string Write(XElement page)
    {
        foreach (XElement element in page.DescendantsAndSelf())
        {
            foreach (XAttribute attribute in element.Attributes())
            {
                attribute.Value = Clean(attribute.Value);
            }

            foreach (XText text in element.Nodes().OfType<XText>())
            {
                text.Value = Clean(text.Value).Replace(" %", "\u00A0%", StringComparison.Ordinal);
            }

            // Browsers take <td/> for a tag that was never closed.
            if (element.IsEmpty && !Void.Contains(element.Name.LocalName))
            {
                element.Value = "";
            }
        }

        StringBuilder html = new("<!DOCTYPE html>\n");
        XmlWriterSettings settings = new() { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None };
        using (XmlWriter writer = XmlWriter.Create(html, settings))
        {
            page.WriteTo(writer);
        }

        return html.Append('\n').ToString();
    }

    private static XElement Cell(string name, string text, bool isNumber, string? scope) => Of(
        name, isNumber ? new XAttribute("class", "n") : null,
        scope is null ? null : new XAttribute("scope", scope), text);

    // Terminal colours and half surrogates are no characters of a page.
    private static string Clean(string text)
    {
        if (text.All(XmlConvert.IsXmlChar))
        {
            return text;
        }

        StringBuilder clean = new();
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            _ = isPair ? clean.Append(text, i++, 2) : clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
        }

        return clean.ToString();
    }

    /// <summary>A number of an attribute.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
