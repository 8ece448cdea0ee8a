using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Which fields an object sets, and an object less some of its fields.</summary>
internal static class ObjectFields
{
    public static FieldSet Of(SchemaNode schema, JsonObject item)
    {
        FieldSet set = new();
        Collect(set, null, schema, item, distinct: false);
        return set;
    }

    /// <summary>The fields of what someone applies, where a list must not name an item twice.</summary>
    public static FieldSet OfConfig(SchemaNode schema, JsonObject config)
    {
        FieldSet set = new();
        Collect(set, null, schema, config, distinct: true);
        return set;
    }

    /// <summary>A copy without the members of the set; a map or list that ends up empty goes too.</summary>
    public static JsonObject Remove(SchemaNode schema, JsonObject item, FieldSet remove) =>
        RemoveFromMap(schema, item, remove) ?? [];

    private static void Collect(FieldSet set, FieldPath? path, SchemaNode schema, JsonNode? value, bool distinct)
    {
        switch (value)
        {
            case JsonObject map when !schema.AtomicMap:
                foreach ((string name, JsonNode? field) in map)
                {
                    FieldPath below = new(path, FieldPath.OfField(name));
                    Collect(set, below, schema.Field(name) ?? SchemaNode.Any, field, distinct);
                    if (field is null or JsonObject { Count: 0 } || !schema.Declares(name))
                    {
                        set.Insert(below);
                    }
                }

                break;
            case JsonArray list when schema.ListKind != ListKind.Atomic:
                HashSet<string> seen = new(StringComparer.Ordinal);
                foreach (JsonNode? item in list)
                {
                    FieldPath below = new(path, ElementOf(schema, path, item));
                    set.Insert(below);
                    if (seen.Add(below.Element))
                    {
                        Collect(set, below, schema.Items ?? SchemaNode.Any, item, distinct);
                    }
                    else if (distinct)
                    {
                        throw new SchemaMismatchException(
                            $"{path}: duplicate entries for key {FieldPath.Format([below.Element])}");
                    }
                }

                break;
            default:
                if (path is not null)
                {
                    set.Insert(path);
                }

                break;
        }
    }

    private static string ElementOf(SchemaNode list, FieldPath? path, JsonNode? item)
    {
        try
        {
            return FieldPath.OfItem(list, item);
        }
        catch (SchemaMismatchException failure)
        {
            throw new SchemaMismatchException($"{path}: {failure.Message}");
        }
    }

    private static JsonObject? RemoveFromMap(SchemaNode schema, JsonObject map, FieldSet remove)
    {
        JsonObject result = [];
        foreach ((string name, JsonNode? value) in map)
        {
            string element = FieldPath.OfField(name);
            if (remove.HasMember(element))
            {
                continue;
            }

            FieldSet? below = remove.Below(element);
            JsonNode? kept = below is null
                ? value?.DeepClone()
                : RemoveBelow(schema.Field(name) ?? SchemaNode.Any, value, below);
            if (kept is not null || value is null)
            {
                result[name] = kept;
            }
        }

        return result.Count > 0 ? result : null;
    }

    private static JsonNode? RemoveBelow(SchemaNode schema, JsonNode? value, FieldSet remove) => value switch
    {
        JsonObject map when !schema.AtomicMap => RemoveFromMap(schema, map, remove),
        JsonArray list when schema.ListKind != ListKind.Atomic => RemoveFromList(schema, list, remove),
        _ => value?.DeepClone(),
    };

    private static JsonArray? RemoveFromList(SchemaNode schema, JsonArray list, FieldSet remove)
    {
        JsonArray result = [];
        foreach (JsonNode? item in list)
        {
            string element = FieldPath.OfItem(schema, item);
            if (remove.HasMember(element))
            {
                continue;
            }

            result.Add(remove.Below(element) is { } below
                ? RemoveBelow(schema.Items ?? SchemaNode.Any, item, below)
                : item?.DeepClone());
        }

        return result.Count > 0 ? result : null;
    }
}
