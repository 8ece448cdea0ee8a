namespace HybridMesh.Core;

/// <summary>A step that is asked for.</summary>
/// <param name="Shares">The shares in percent; versions not named share the rest as they do now.</param>
public sealed record ShiftStepRequest(IReadOnlyList<KeyValuePair<string, double>> Shares)
{
    // Envoy's own, which Istio takes for conditions of another kind or ignores; and those a client sets by itself.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "uri", "scheme", "method", "authority", "host", "connection", "content-length", "content-type", "te",
        "transfer-encoding", "upgrade",
    };

    /// <summary>The headers of the requests it is for; null for all requests.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// The headers with lower-case names, as Istio wants them; null for a step for all requests.
    /// </summary>
    /// <param name="sent">The headers that every request has.</param>
    /// <exception cref="MeshException">ArgumentInvalid.</exception>
    internal IReadOnlyDictionary<string, string>? ReadHeaders(IReadOnlyDictionary<string, string> sent)
    {
        if (Headers is null)
        {
            return null;
        }

        Dictionary<string, string> read = new(StringComparer.Ordinal);
        foreach ((string given, string value) in Headers)
        {
            string name = given.ToLowerInvariant();
            Require(
                name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c))
                    && !Reserved.Contains(name),
                $"Header of -Step names '{given}', by which requests can't be told apart; take one of your own, such "
                    + "as x-release.", given);
            Require(
                value.Length > 0 && value.Trim() == value && !value.Any(char.IsControl),
                $"Header of -Step gives {name} the value '{value}'; it must be a text on one line without spaces "
                    + "around it.", value);
            Require(
                !sent.Keys.Contains(name, StringComparer.OrdinalIgnoreCase),
                $"-Header sends {name} with every request, so Header of -Step can't tell requests apart by it; leave "
                    + "it out of -Header.", given);
            read[name] = value;
        }

        Require(read.Count > 0, "Header of -Step names no header; write Header = @{ 'x-release' = 'green' }.", Headers);
        return read;
    }

    private static void Require(bool condition, string message, object? target)
    {
        if (!condition)
        {
            throw new MeshException(MeshErrorCode.ArgumentInvalid, message, target);
        }
    }
}
