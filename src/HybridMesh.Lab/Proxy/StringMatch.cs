using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>Istio's StringMatch: exact, prefix or regex of the whole text; none of them means any text.</summary>
internal sealed class StringMatch
{
    private readonly string? _exact;
    private readonly string? _prefix;
    private readonly Regex? _regex;
    private readonly StringComparison _comparison;

    public StringMatch(JsonNode node, bool ignoreCase = false)
    {
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        _exact = node.Text("exact");
        _prefix = node.Text("prefix");

        // RE2, which Envoy uses, has neither look-around nor back-references; NonBacktracking refuses them likewise.
        _regex = node.Text("regex") is string pattern
            ? new Regex(
                $"^(?:{pattern})$",
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
                | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None))
            : null;
    }

    /// <summary>The prefix; null when this is no match by prefix.</summary>
    public string? Prefix => _prefix;

    public bool IsMatch(ReadOnlySpan<char> text) =>
        _exact is not null ? text.Equals(_exact, _comparison)
        : _prefix is not null ? text.StartsWith(_prefix, _comparison)
        : _regex is null || _regex.IsMatch(text);
}
