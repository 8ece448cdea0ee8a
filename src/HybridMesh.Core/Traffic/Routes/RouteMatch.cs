using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>
/// Whether a route of a VirtualService takes a request, as far as the request's URL and headers tell. Conditions that
/// depend on where in the mesh the request is (port, gateways, sourceLabels, authority) count as met: the route that is
/// measured usually lies a hop or two behind the entry.
/// </summary>
internal static class RouteMatch
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(1);

    /// <summary>Whether any of the route's matches is met; a route without matches takes everything.</summary>
    public static bool Takes(JsonObject route, Uri uri, IReadOnlyDictionary<string, string> headers) =>
        route["match"] is not JsonArray { Count: > 0 } matches
        || matches.Any(match => match is JsonObject conditions && IsMet(conditions, uri, headers));

    private static bool IsMet(JsonObject match, Uri uri, IReadOnlyDictionary<string, string> headers) =>
        Fits(match["uri"], uri.AbsolutePath, match["ignoreUriCase"]?.GetValueKind() == JsonValueKind.True)
        && Fits(match["method"], LoadPlanner.IsGrpc(uri) ? "POST" : "GET", ignoreCase: false)
        && (match["headers"] as JsonObject ?? []).All(pair => HasHeader(headers, pair.Key, pair.Value))
        && (match["withoutHeaders"] as JsonObject ?? []).All(pair => !HasHeader(headers, pair.Key, pair.Value))
        && (match["queryParams"] as JsonObject ?? []).All(pair => HasQuery(uri, pair.Key, pair.Value));

    private static bool HasHeader(IReadOnlyDictionary<string, string> headers, string name, JsonNode? condition) =>
        headers.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { } value
        && Fits(condition, value, ignoreCase: false);

    private static bool HasQuery(Uri uri, string name, JsonNode? condition) =>
        uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Any(pair => pair[0] == name && Fits(condition, pair.Length > 1 ? pair[1] : "", ignoreCase: false));

    // An absent or empty condition asks only that the value be there.
    private static bool Fits(JsonNode? condition, string value, bool ignoreCase)
    {
        StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return condition switch
        {
            _ when condition.Text("exact") is { } exact => value.Equals(exact, comparison),
            _ when condition.Text("prefix") is { } prefix => value.StartsWith(prefix, comparison),
            // Envoy's regular expressions match the whole value.
            _ when condition.Text("regex") is { } regex =>
                Regex.IsMatch(value, $@"\A(?:{regex})\z", RegexOptions.CultureInvariant, RegexLimit),
            _ => true,
        };
    }
}
