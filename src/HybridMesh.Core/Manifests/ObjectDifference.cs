using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Tells what differs between two states of an object, leaving out what only the server writes.</summary>
public static class ObjectDifference
{
    private const string Hidden = "(hidden)";

    private static readonly HashSet<string> ServerMetadata =
        ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"];

    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The changes from one state to another, each as <c>path: old -> new</c>; none when they are alike.
    /// </summary>
    public static IReadOnlyList<string> Between(JsonObject before, JsonObject after)
    {
        List<string> changes = [];
        Compare("", Meaningful(before), Meaningful(after), IsSecret(after), changes);
        return changes;
    }

    /// <summary>The values of a new object, each as <c>path: value</c>, without its identity.</summary>
    public static IReadOnlyList<string> Of(JsonObject manifest)
    {
        List<string> values = [];
        Flatten("", ObjectContent.Of(Meaningful(manifest)), IsSecret(manifest), values);
        return values;
    }

    private static bool IsSecret(JsonObject item) => (string?)item["kind"] == "Secret";

    private static JsonObject Meaningful(JsonObject item)
    {
        JsonObject copy = item.DeepClone().AsObject();
        copy.Remove("status");
        if (copy["metadata"] is JsonObject metadata)
        {
            foreach (string field in ServerMetadata)
            {
                metadata.Remove(field);
            }
        }

        return copy;
    }

    private static void Flatten(string path, JsonNode? node, bool secret, List<string> values)
    {
        switch (node)
        {
            case JsonObject map when map.Count > 0:
                foreach (KeyValuePair<string, JsonNode?> pair in map)
                {
                    Flatten(Join(path, pair.Key), pair.Value, secret, values);
                }

                break;
            case JsonArray { Count: > 0 } list when list.Any(item => item is JsonObject or JsonArray):
                foreach ((string key, JsonNode? item) in Keyed(list))
                {
                    Flatten($"{path}[{key}]", item, secret, values);
                }

                break;
            default:
                values.Add($"{path}: {Text(path, node, secret)}");
                break;
        }
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, bool secret, List<string> changes)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        if (before is JsonObject oldMap && after is JsonObject newMap)
        {
            foreach (string key in oldMap.Select(pair => pair.Key).Union(newMap.Select(pair => pair.Key)))
            {
                Compare(Join(path, key), oldMap[key], newMap[key], secret, changes);
            }
        }
        else if (before is JsonArray oldList && after is JsonArray newList && Keyed(oldList) is { } oldItems
            && Keyed(newList) is { } newItems && SameKeys(oldItems, newItems))
        {
            Dictionary<string, JsonNode?> old = oldItems.ToDictionary(item => item.Key, item => item.Item);
            Dictionary<string, JsonNode?> now = newItems.ToDictionary(item => item.Key, item => item.Item);
            foreach (string key in old.Keys.Union(now.Keys))
            {
                Compare($"{path}[{key}]", old.GetValueOrDefault(key), now.GetValueOrDefault(key), secret, changes);
            }
        }
        else
        {
            changes.Add($"{path}: {Text(path, before, secret)} -> {Text(path, after, secret)}");
        }
    }

    // Two lists whose items have the same names in another order differ as wholes.
    private static bool SameKeys(List<(string Key, JsonNode? Item)> before, List<(string Key, JsonNode? Item)> after)
    {
        HashSet<string> common = [.. before.Select(item => item.Key).Intersect(after.Select(item => item.Key))];
        return before.Select(item => item.Key).Where(common.Contains)
            .SequenceEqual(after.Select(item => item.Key).Where(common.Contains));
    }

    private static List<(string Key, JsonNode? Item)> Keyed(JsonArray list)
    {
        List<string?> names = [.. list.Select(item =>
            item is JsonObject map && map["name"] is JsonValue value && value.TryGetValue(out string? name)
                ? name : null)];
        bool named = names.All(name => name is not null) && names.Distinct().Count() == names.Count;
        return [.. list.Select((item, index) =>
            (named ? $"name={names[index]}" : index.ToString(System.Globalization.CultureInfo.InvariantCulture),
                item))];
    }

    private static string Join(string path, string key)
    {
        string step = key.Contains('.', StringComparison.Ordinal) || key.Contains('/', StringComparison.Ordinal)
            ? $"['{key}']" : key;
        return path.Length == 0 ? step : step[0] == '[' ? path + step : $"{path}.{step}";
    }

    private static string Text(string path, JsonNode? node, bool secret) =>
        node is null ? "(none)"
        : secret && (path.StartsWith("data", StringComparison.Ordinal)
            || path.StartsWith("stringData", StringComparison.Ordinal)
            || path.Contains("last-applied-configuration", StringComparison.Ordinal)) ? Hidden
        : node.ToJsonString(Compact);
}
