using System.Globalization;

namespace HybridMesh.Core;

/// <summary>How much of a text fits into a picture. What a reader's font really takes is only guessed here.</summary>
internal static class SvgText
{
    private const string Ends = "-./:@_ ,";

    /// <summary>The size by which 13 pixels of bold letters are measured.</summary>
    public const double Bold = 14.7;

    /// <summary>About how wide a text is, in a font that runs wide.</summary>
    public static double Measure(string text, double size) => text.Sum(Width) * size;

    /// <summary>
    /// The text, with an ellipsis in its middle where there is no room: names of one kind differ at their ends.
    /// </summary>
    public static string Fit(string text, double room, double size)
    {
        if (Measure(text, size) <= room)
        {
            return text;
        }

        int[] letters = StringInfo.ParseCombiningCharacters(text);
        for (int kept = letters.Length - 1; kept > 1; kept--)
        {
            int tail = kept * 2 / 5;
            string cut = Cut(text, letters, kept - tail, tail);
            if (Measure(cut, size) <= room)
            {
                return cut;
            }
        }

        return letters.Length > 1 ? Cut(text, letters, 1, 0) : text;
    }

    /// <summary>The text on two lines at most, broken behind a sign that parts words where there is one.</summary>
    public static (string First, string? Second) Lines(string text, double room, double size)
    {
        if (Measure(text, size) <= room)
        {
            return (text, null);
        }

        int[] letters = StringInfo.ParseCombiningCharacters(text);
        int most = Math.Max(
            letters.LastOrDefault(i => Measure(text[..i], size) <= room), letters.ElementAtOrDefault(1));
        if (most == 0)
        {
            return (text, null);
        }

        int end = text.LastIndexOfAny(Ends.ToCharArray(), most - 1) + 1;
        int at = end > most / 2 ? end : most;
        return (text[..at].TrimEnd(), Fit(text[at..].TrimStart(), room, size));
    }

    private static double Width(char letter) => letter switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.31,
        'f' or 'r' or 't' or '-' or '/' or '(' or ')' or '[' or ']' or ' ' => 0.4,
        'm' or 'w' or 'M' or 'W' or '@' or '%' or '…' => 0.95,
        '<' or '>' or '=' or '+' or '~' or '&' => 0.84,
        >= '0' and <= '9' => 0.636,
        >= 'A' and <= 'Z' => 0.7,
        _ => letter < 0x2E80 ? 0.59 : 1.0,
    };

    private static string Cut(string text, int[] letters, int head, int tail) => string.Concat(
        text.AsSpan(0, letters[head]), "…", tail == 0 ? "" : text.AsSpan(letters[^tail]));
}
