namespace HybridMesh.Core;

/// <summary>The file cluster.env: <c>KEY='value'</c> lines that a shell reads.</summary>
internal static class ClusterEnv
{
    // istioctl quotes all but these; a w goes without because a class of its pattern is written one backslash too much.
    private const string Bare = "\\w@%+=:,./-";

    /// <summary>The file's text. Whole lines are sorted, not keys.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, string>> variables) =>
        string.Concat(variables.Select(pair => $"{pair.Key}={Quote(pair.Value)}")
            .Order(StringComparer.Ordinal).Select(line => $"{line}\n"));

    /// <summary>A value as istioctl quotes it.</summary>
    public static string Quote(string value) =>
        value.Length > 0 && value.All(letter => Bare.Contains(letter, StringComparison.Ordinal))
            ? value
            : $"'{value.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
}
