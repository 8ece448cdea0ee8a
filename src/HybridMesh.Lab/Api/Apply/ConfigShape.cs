using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// Whether an applied configuration fits its schema. Apply prunes nothing: a field the schema lacks or a value of
/// another
/// type fails it before the object's own validation, whatever the call's fieldValidation says.
/// </summary>
internal static class ConfigShape
{
    public static void Check(SchemaNode schema, JsonObject config)
    {
        List<string> errors = [];
        CheckMap(errors, schema, config, "");
        if (errors.Count > 0)
        {
            throw new SchemaMismatchException(
                errors.Count == 1 ? errors[0] : "errors:\n" + string.Concat(errors.Select(error => $"  {error}\n")));
        }
    }

    private static void CheckValue(List<string> errors, SchemaNode schema, JsonNode? value, string path)
    {
        if (value is null || (schema.PreserveUnknown && schema.Type is null) || schema.IntOrString)
        {
            return;
        }

        if (Expected(schema.Type, value.GetValueKind()) is { } expected)
        {
            errors.Add($"{path}: expected {expected}, got {Shown(expected, value)}");
            return;
        }

        if (value is JsonObject map)
        {
            CheckMap(errors, schema, map, path);
        }
        else if (value is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                string item = schema.ListKind == ListKind.Map && list[i] is not JsonObject
                    ? $"[{i}]" : schema.ListKind == ListKind.Atomic ? $"[{i}]" : Key(schema, list[i], i);
                CheckValue(errors, schema.Items ?? SchemaNode.Any, list[i], path + item);
            }
        }
    }

    private static void CheckMap(List<string> errors, SchemaNode schema, JsonObject map, string path)
    {
        foreach ((string name, JsonNode? value) in map)
        {
            string below = $"{path}.{name}";
            if (schema.Field(name) is { } field)
            {
                CheckValue(errors, field, value, below);
            }
            else
            {
                errors.Add($"{below}: field not declared in schema");
            }
        }
    }

    private static string? Expected(string? type, JsonValueKind kind) => type switch
    {
        "object" when kind != JsonValueKind.Object => "map",
        "array" when kind != JsonValueKind.Array => "list",
        "string" when kind != JsonValueKind.String => "string",
        "integer" or "number" when kind != JsonValueKind.Number => "numeric (int or float)",
        "boolean" when kind is not (JsonValueKind.True or JsonValueKind.False) => "boolean",
        _ => null,
    };

    private static string Shown(string expected, JsonNode value) =>
        expected.StartsWith("numeric", StringComparison.Ordinal)
        ? value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "[]interface {}",
            _ => "map[string]interface {}",
        }
        : $"&value.valueUnstructured{{Value:{value.ToJsonString(FieldPath.Json)}}}";

    private static string Key(SchemaNode list, JsonNode? item, int index)
    {
        try
        {
            return FieldPath.Format([FieldPath.OfItem(list, item)]);
        }
        catch (SchemaMismatchException)
        {
            return $"[{index}]";
        }
    }
}
