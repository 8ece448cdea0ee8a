using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Reads fields of stored objects; a field that is missing or of another type reads as absent.</summary>
internal static class JsonFields
{
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            node = node is JsonObject item ? item[name] : null;
        }

        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>() : null;

    public static int? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value
        && int.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number : null;

    public static double? Fraction(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value
        && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number : null;

    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static IEnumerable<JsonNode> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonArray array ? array.OfType<JsonNode>() : [];

    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        Items(node, path).Select(item => item.Text()).OfType<string>();

    public static IReadOnlyDictionary<string, string> Map(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonObject item
            ? item.Where(pair => pair.Value is JsonValue)
                .ToDictionary(pair => pair.Key, pair => pair.Value!.ToString(), StringComparer.Ordinal)
            : EmptyMap;

    public static string Name(this JsonNode item) => item.Text("metadata", "name") ?? "";

    public static string Namespace(this JsonNode item) => item.Text("metadata", "namespace") ?? "";

    /// <summary>Whether the labels carry all of the selector's.</summary>
    public static bool Selects(
        this IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels) =>
        selector.All(pair => labels.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    private static IReadOnlyDictionary<string, string> EmptyMap { get; } = new Dictionary<string, string>();
}
