namespace HybridMesh.Core;

/// <summary>Where the requests of a route go that carry certain headers.</summary>
/// <param name="Headers">The headers by lower-case name; all of them must have exactly these values.</param>
/// <param name="Weights">The weights for these requests.</param>
public sealed record HeaderRoute(
    IReadOnlyDictionary<string, string> Headers, IReadOnlyList<RouteWeight> Weights)
{
    /// <summary>The headers, such as <c>x-release=green</c>.</summary>
    public static string Text(IReadOnlyDictionary<string, string> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return string.Join(
            ", ", headers.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
    }

    /// <summary>Whether both take the same requests.</summary>
    public bool HasSameHeaders(IReadOnlyDictionary<string, string> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return headers.Count == Headers.Count
            && headers.All(pair => Headers.TryGetValue(pair.Key, out string? value) && value == pair.Value);
    }

    /// <summary>The headers and the weights, such as <c>with x-release=green: v1 0, v2 100</c>.</summary>
    public override string ToString() => $"with {Text(Headers)}: {string.Join(", ", Weights)}";
}
