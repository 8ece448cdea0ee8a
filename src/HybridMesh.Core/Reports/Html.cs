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
    // Tables of more rows may be parted between pages.
    private const int MostKept = 12;
    private const int ShortText = 16;
    private const int ShortName = 32;
    private static readonly HashSet<string> Void = ["meta", "br", "hr", "col"];

    /// <summary>An element; nulls in the content are left out.</summary>
    public static XElement Of(string name, params object?[] content) => new(name, content);

    /// <summary>An element of a class.</summary>
    public static XElement Classed(string name, string @class, params object?[] content) =>
        new(name, new XAttribute("class", @class), content);

    /// <summary>
    /// A table; columns whose heads begin with <c>#</c> hold numbers, those with <c>*</c> take the room that is left.
    /// Cells are texts or elements; columns without a single text are left out, and no short text is broken.
    /// </summary>
    public static XElement Table(
        string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<object>> rows)
    {
        IReadOnlyList<object>[] all = [.. rows];
        int[] columns = [.. Enumerable.Range(0, heads.Count)
            .Where(i => i == 0 || all.Length == 0 || all.Any(row => row[i] is not string { Length: 0 }))];
        return Classed(
            "div", all.Length > MostKept ? "wide" : "wide keep",
            Of(
                "table",
                Of("caption", caption),
                Of("thead", Of("tr", columns.Select(i => Cell("th", heads[i].TrimStart('#', '*'), heads[i], "col")))),
                Of("tbody", all.Select(row => Of("tr", columns.Select(i =>
                    i == 0 ? Cell("th", row[i], heads[i], "row") : Cell("td", row[i], heads[i], null)))))));
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

    private static XElement Cell(string name, object content, string head, string? scope)
    {
        string style = head[0] switch
        {
            '#' => "n",
            '*' => "w",
            _ => content is string text && text.Length > (scope == "row" ? ShortName : ShortText) ? "l" : "s",
        };
        return Classed(name, style, scope is null ? null : new XAttribute("scope", scope), content);
    }

    // Terminal colours and half surrogates are no characters of a page, and marks that turn the direction of what
    // follows would let a name reorder the sentence it stands in.
    private static string Clean(string text)
    {
        if (text.All(IsPlain))
        {
            return text;
        }

        StringBuilder clean = new();
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            _ = isPair ? clean.Append(text, i++, 2) : clean.Append(IsPlain(text[i]) ? text[i] : '\uFFFD');
        }

        return clean.ToString();
    }

    private static bool IsPlain(char letter) =>
        XmlConvert.IsXmlChar(letter) && letter is not ((>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    /// <summary>A number of an attribute.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
