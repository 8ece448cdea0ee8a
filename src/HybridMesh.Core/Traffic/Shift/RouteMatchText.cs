using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A route's conditions in short, for people.</summary>
internal static class RouteMatchText
{
    /// <summary>What stands for a route that takes everything.</summary>
    public const string All = "(all)";

    private static readonly string[] StringFields = ["method", "authority", "scheme"];

    /// <summary>The conditions, such as <c>/hello*</c> or <c>/bye, x-version=v2 or :8004</c>.</summary>
    public static string Of(JsonObject route)
    {
        JsonObject[] matches = [.. (route["match"] as JsonArray ?? []).OfType<JsonObject>()];
        return matches.Length == 0 ? All : string.Join(" or ", matches.Select(One));
    }

    private static string One(JsonObject match)
    {
        string[] parts =
        [
            .. Value(match["uri"]) is { } uri ? [uri] : Array.Empty<string>(),
            .. match.Number("port") is { } port
                ? [string.Create(CultureInfo.InvariantCulture, $":{port}")] : Array.Empty<string>(),
            .. StringFields.Where(field => match[field] is not null)
                .Select(field => $"{field}={Value(match[field])}"),
            .. Pairs(match, "headers", "{0}={1}"),
            .. Pairs(match, "withoutHeaders", "not {0}={1}"),
            .. Pairs(match, "queryParams", "?{0}={1}"),
            .. match.Strings("sourceLabels").Select(pair => $"from {pair.Key}={pair.Value}"),
            .. (match["gateways"] as JsonArray ?? []).Select(item => $"at {item.Text()}"),
        ];
        return parts.Length == 0 ? All : string.Join(", ", parts);
    }

    private static IEnumerable<string> Pairs(JsonObject match, string field, string format) =>
        (match[field] as JsonObject ?? []).Select(pair =>
            string.Format(CultureInfo.InvariantCulture, format, pair.Key, Value(pair.Value) ?? "*"));

    private static string? Value(JsonNode? condition) => condition switch
    {
        _ when condition.Text("exact") is { } exact => exact,
        _ when condition.Text("prefix") is { } prefix => prefix + "*",
        _ when condition.Text("regex") is { } regex => $"~{regex}",
        _ => null,
    };
}
