using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Reads objects of unknown shape: what is missing or of another type is null, never an exception.</summary>
internal static class JsonRead
{
    /// <summary>The node at a path of fields.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string step in path)
        {
            node = (node as JsonObject)?[step];
        }

        return node;
    }

    /// <summary>The string at a path.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The whole number at a path.</summary>
    public static int? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out int number) ? number : null;

    /// <summary>The map of strings at a path; empty when there is none.</summary>
    public static Dictionary<string, string> Strings(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, JsonNode?> pair in node.At(path) as JsonObject ?? [])
        {
            if (pair.Value.Text() is { } text)
            {
                map[pair.Key] = text;
            }
        }

        return map;
    }
}
