using System.Text;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>Tells which version gave an answer.</summary>
internal interface IVersionAttribution
{
    /// <summary>The version; null when the answer does not tell.</summary>
    string? VersionOf(in LoadAnswer answer);

    /// <summary>What to do when answers don't tell.</summary>
    string Remedy { get; }
}

/// <summary>The first hop whose address is an endpoint of the measured host decides.</summary>
internal sealed class AddressAttribution(IReadOnlyDictionary<string, string> versions, string host)
    : IVersionAttribution
{
    public string Remedy =>
        $"No hop of such an answer gives an address of {host} "
            + $"({(versions.Count == 0 ? "it has no endpoint" : string.Join(", ", versions.Keys.Take(5)))}"
        + $"{(versions.Count > 5 ? ", ..." : "")}). Tell versions apart by -VersionPattern @{{ v1 = 'regex'; ... }} "
        + "or -VersionHeader, or check -VirtualService.";

    public string? VersionOf(in LoadAnswer answer)
    {
        foreach (MeshHop hop in HopParser.Parse(Encoding.UTF8.GetString(answer.Body)))
        {
            if (hop.Address is not null
                && versions.TryGetValue(MeshTopology.Canonical(hop.Address), out string? version))
            {
                return version;
            }
        }

        return null;
    }
}

/// <summary>The one pattern that finds itself in the answer decides.</summary>
internal sealed class PatternAttribution : IVersionAttribution
{
    // A pattern that backtracks for ever must not stop the measurement.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    private readonly (string Version, Regex Pattern)[] _patterns;
    private volatile string? _slow;

    public PatternAttribution(IEnumerable<KeyValuePair<string, string>> patterns) =>
        _patterns = [.. patterns.Select(pair => (pair.Key, Compile(pair.Key, pair.Value)))];

    public IEnumerable<string> Versions => _patterns.Select(item => item.Version);

    public string Remedy => _slow is { } slow
        ? $"The -VersionPattern of '{slow}' takes more than {Limit.TotalMilliseconds:0} ms on an answer and was given "
            + "up; write one without repetitions inside repetitions."
        : "Exactly one -VersionPattern must match each answer; compare the patterns with the answer.";

    public string? VersionOf(in LoadAnswer answer)
    {
        string body = Encoding.UTF8.GetString(answer.Body);
        string? found = null;
        foreach ((string version, Regex pattern) in _patterns)
        {
            if (!IsMatch(version, pattern, body))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = version;
        }

        return found;
    }

    private bool IsMatch(string version, Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            _slow = version;
            return false;
        }
    }

    private static Regex Compile(string version, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException e)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"-VersionPattern of '{version}' is no regular expression: {e.Message}", pattern, e);
        }
    }
}

/// <summary>A response header's value is the version.</summary>
internal sealed class HeaderAttribution(string header) : IVersionAttribution
{
    public string Remedy => $"Such an answer carries no header '{header}'; check -VersionHeader.";

    public string? VersionOf(in LoadAnswer answer) =>
        string.IsNullOrWhiteSpace(answer.Header) ? null : answer.Header.Trim();
}
