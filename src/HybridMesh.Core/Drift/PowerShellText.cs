namespace HybridMesh.Core;

/// <summary>Words of a PowerShell command line.</summary>
internal static class PowerShellText
{
    /// <summary>
    /// A text that PowerShell takes literally. It ends a text in single quotes at typographic ones too, so that these
    /// are doubled as well.
    /// </summary>
    public static string Quote(string text) =>
        $"'{string.Concat(text.Select(c => EndsText(c) ? $"{c}{c}" : $"{c}"))}'";

    private static bool EndsText(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b';

    /// <summary>A hashtable of texts.</summary>
    public static string Table(IEnumerable<KeyValuePair<string, string>> pairs) =>
        $"@{{ {string.Join("; ", pairs.Select(pair => $"{Quote(pair.Key)} = {Quote(pair.Value)}"))} }}";
}
