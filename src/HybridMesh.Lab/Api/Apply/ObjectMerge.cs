using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Lays an applied configuration over the live object, list items matched by their keys.</summary>
internal static class ObjectMerge
{
    public static JsonObject Merge(SchemaNode schema, JsonObject live, JsonObject config) =>
        (JsonObject)MergeMaps(schema, live, config);

    private static JsonNode? MergeValues(SchemaNode schema, JsonNode? live, JsonNode? config) => (live, config) switch
    {
        (JsonObject left, JsonObject right) when !schema.AtomicMap => MergeMaps(schema, left, right),
        (JsonArray left, JsonArray right) when schema.ListKind != ListKind.Atomic => MergeLists(schema, left, right),
        _ => config?.DeepClone(),
    };

    private static JsonObject MergeMaps(SchemaNode schema, JsonObject live, JsonObject config)
    {
        JsonObject result = live.DeepClone().AsObject();
        foreach ((string name, JsonNode? value) in config)
        {
            result[name] = live.TryGetPropertyValue(name, out JsonNode? own)
                ? MergeValues(schema.Field(name) ?? SchemaNode.Any, own, value)
                : value?.DeepClone();
        }

        return result;
    }

    /// <summary>
    /// Items of both take the configuration's order; items only the live object has stay where they are among them.
    /// </summary>
    private static JsonArray MergeLists(SchemaNode schema, JsonArray live, JsonArray config)
    {
        List<(string Key, JsonNode? Item)> left = Index(schema, live, distinct: false);
        List<(string Key, JsonNode? Item)> right = Index(schema, config, distinct: true);
        HashSet<string> wanted = [.. right.Select(pair => pair.Key)];
        Queue<string> shared = new(right.Select(pair => pair.Key).Where(key => left.Exists(own => own.Key == key)));
        HashSet<string> merged = [];
        JsonArray result = [];
        int l = 0, r = 0;
        while (l < left.Count || r < right.Count)
        {
            bool takeLeft = l < left.Count && !wanted.Contains(left[l].Key);
            if (takeLeft)
            {
                result.Add(left[l++].Item?.DeepClone());
                continue;
            }

            // A shared item that comes later in the configuration's order: its turn comes with the right side.
            bool isNext = l < left.Count && r < right.Count && left[l].Key == right[r].Key;
            if (l < left.Count && !isNext
                && (merged.Contains(left[l].Key) || (shared.TryPeek(out string? next) && next != left[l].Key)))
            {
                l++;
                continue;
            }

            (string key, JsonNode? item) = right[r++];
            merged.Add(key);
            JsonNode? own = left.Find(pair => pair.Key == key).Item;
            result.Add(own is null
                ? item?.DeepClone()
                : MergeValues(schema.Items ?? SchemaNode.Any, own, item));
            if (shared.TryPeek(out string? expected) && expected == key)
            {
                shared.Dequeue();
            }

            l += isNext ? 1 : 0;
        }

        return result;
    }

    private static List<(string Key, JsonNode? Item)> Index(SchemaNode schema, JsonArray list, bool distinct)
    {
        List<(string Key, JsonNode? Item)> result = [];
        foreach (JsonNode? item in list)
        {
            string key = FieldPath.OfItem(schema, item);
            if (distinct && result.Exists(pair => pair.Key == key))
            {
                throw new SchemaMismatchException($"duplicate entries for key {FieldPath.Format([key])}");
            }

            result.Add((key, item));
        }

        return result;
    }
}
