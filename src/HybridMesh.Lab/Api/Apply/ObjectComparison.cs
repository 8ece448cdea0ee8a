using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>What changed from one object to another, as sets of paths.</summary>
internal sealed class ObjectComparison
{
    private readonly record struct Value(bool Present, JsonNode? Node)
    {
        public bool IsEmpty => Node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
    }

    public FieldSet Added { get; } = new();

    public FieldSet Removed { get; } = new();

    public FieldSet Modified { get; } = new();

    public static ObjectComparison Of(SchemaNode schema, JsonObject before, JsonObject after)
    {
        ObjectComparison result = new();
        result.CompareMaps(null, schema, before, after);
        return result;
    }

    private void Compare(FieldPath path, SchemaNode schema, Value before, Value after)
    {
        bool leaf = before.IsEmpty && after.IsEmpty;
        bool maps = !leaf && !schema.AtomicMap && Fits<JsonObject>(before) && Fits<JsonObject>(after);
        bool lists = !leaf && schema.ListKind != ListKind.Atomic
            && Fits<JsonArray>(before) && Fits<JsonArray>(after);
        if (maps || lists)
        {
            if (maps)
            {
                CompareMaps(path, schema, before.Node as JsonObject ?? [], after.Node as JsonObject ?? []);
            }
            else
            {
                CompareLists(path, schema, before.Node as JsonArray ?? [], after.Node as JsonArray ?? []);
            }
        }
        else if (before.Present && after.Present && !JsonNode.DeepEquals(before.Node, after.Node))
        {
            Modified.Insert(path);
        }

        if (!before.Present)
        {
            Added.Insert(path);
        }
        else if (!after.Present)
        {
            Removed.Insert(path);
        }
    }

    private static bool Fits<T>(Value value)
        where T : JsonNode => value.Node is null or T;

    private void CompareMaps(FieldPath? path, SchemaNode schema, JsonObject before, JsonObject after)
    {
        foreach (string name in before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)))
        {
            Value left = new(before.TryGetPropertyValue(name, out JsonNode? own), own);
            Value right = new(after.TryGetPropertyValue(name, out JsonNode? other), other);
            Compare(
                new FieldPath(path, FieldPath.OfField(name)), schema.Field(name) ?? SchemaNode.Any, left, right);
        }
    }

    private void CompareLists(FieldPath path, SchemaNode schema, JsonArray before, JsonArray after)
    {
        Dictionary<string, JsonNode?> left = Index(schema, before);
        Dictionary<string, JsonNode?> right = Index(schema, after);
        foreach (string key in left.Keys.Union(right.Keys))
        {
            Value own = new(left.TryGetValue(key, out JsonNode? mine), mine);
            Value other = new(right.TryGetValue(key, out JsonNode? theirs), theirs);
            Compare(new FieldPath(path, key), schema.Items ?? SchemaNode.Any, own, other);
        }
    }

    private static Dictionary<string, JsonNode?> Index(SchemaNode schema, JsonArray list)
    {
        Dictionary<string, JsonNode?> result = new(StringComparer.Ordinal);
        foreach (JsonNode? item in list)
        {
            result.TryAdd(FieldPath.OfItem(schema, item), item);
        }

        return result;
    }
}
