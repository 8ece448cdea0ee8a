using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Kubernetes;

/// <summary>A Kubernetes Status object, as far as messages need it; exec sends it without its kind.</summary>
internal sealed record ApiStatus(string? Message, string? Reason, JsonObject? Details, string? Continue)
{
    /// <summary>Reads an answer's body; null when it is no Status object.</summary>
    public static ApiStatus? Parse(string? body)
    {
        try
        {
            return string.IsNullOrWhiteSpace(body) ? null : From(JsonNode.Parse(body));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static ApiStatus? From(JsonNode? node) =>
        node is JsonObject item && (Text(item, "kind") == "Status" || Text(item, "status") is "Success" or "Failure")
            ? new(
                Text(item, "message"), Text(item, "reason"), item["details"] as JsonObject,
                item["metadata"] is JsonObject metadata && Text(metadata, "continue") is { Length: > 0 } next
                    ? next : null)
            : null;

    /// <summary>Each cause as its field and message.</summary>
    public IReadOnlyList<(string? Reason, string? Field, string? Message)> Causes =>
        Details?["causes"] is JsonArray causes
            ? [.. causes.OfType<JsonObject>().Select(cause =>
                (Text(cause, "reason"), Text(cause, "field"), Text(cause, "message")))]
            : [];

    /// <summary>The name in the details; null when they have none.</summary>
    public string? DetailsName => Details is null ? null : Text(Details, "name");

    /// <summary>The resource in the details, such as namespaces.</summary>
    public string? DetailsKind => Details is null ? null : Text(Details, "kind");

    private static string? Text(JsonObject item, string name) =>
        item[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
