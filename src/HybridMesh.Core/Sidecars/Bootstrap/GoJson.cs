using System.Globalization;
using System.Text;

namespace HybridMesh.Core;

/// <summary>JSON texts as Go's encoder writes them, which escapes <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c>.</summary>
internal static class GoJson
{
    /// <summary>A map of strings, by key.</summary>
    public static string Map(IEnumerable<KeyValuePair<string, string>> map) =>
        $"{{{string.Join(',', map.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{Text(pair.Key)}:{Text(pair.Value)}"))}}}";

    /// <summary>A string.</summary>
    public static string Text(string text)
    {
        StringBuilder json = new("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            json.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < 0x20 or '<' or '>' or '&' or 0x2028 or 0x2029 =>
                    string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => rune.ToString(),
            });
        }

        return json.Append('"').ToString();
    }
}
