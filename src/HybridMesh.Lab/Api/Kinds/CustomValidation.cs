using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Validates a custom resource by its schema.</summary>
internal static class CustomValidation
{
    public static IEnumerable<StatusCause> Check(SchemaNode schema, JsonObject item)
    {
        List<StatusCause> causes = [.. Missing(schema, item, "")];
        foreach (string part in (string[])["spec", "status"])
        {
            if (item[part] is { } value && schema.Field(part) is { } own)
            {
                CheckNode(causes, own, value, part);
            }
        }

        return causes;
    }

    private static void CheckNode(List<StatusCause> causes, SchemaNode schema, JsonNode? value, string path)
    {
        if (!HasType(schema, value))
        {
            string given = TypeOf(value);
            string wanted = schema.IntOrString ? "integer,string" : schema.Type!;
            causes.Add(FieldError.Invalid(
                path, given, $"{path} in body must be of type {wanted}: \"{given}\""));
            return;
        }

        switch (value)
        {
            case JsonObject map:
                CheckMap(causes, schema, map, path);
                break;
            case JsonArray list:
                CheckList(causes, schema, list, path);
                break;
            case JsonValue scalar:
                causes.AddRange(Scalar(schema, scalar, path));
                break;
            default:
                break;
        }
    }

    private static void CheckMap(List<StatusCause> causes, SchemaNode schema, JsonObject map, string path)
    {
        causes.AddRange(Missing(schema, map, path + "."));
        foreach (FieldChoice choice in schema.Choices)
        {
            int given = choice.Names.Count(map.ContainsKey);
            if (choice.AtMostOne ? given > 1 : given == 0)
            {
                string names = string.Join(", ", choice.Names);
                causes.Add(FieldError.Invalid(
                    path, TypeOf(map), choice.AtMostOne ? $"set at most one of {names}" : $"set one of {names}"));
            }
        }

        foreach ((string name, JsonNode? value) in map)
        {
            if (schema.Field(name) is { } field)
            {
                CheckNode(causes, field, value, $"{path}.{name}");
            }
        }
    }

    private static void CheckList(List<StatusCause> causes, SchemaNode schema, JsonArray list, string path)
    {
        if (list.Count < schema.MinItems)
        {
            causes.Add(FieldError.Invalid(
                path, JsonValue.Create(list.Count), $"{path} in body should have at least {schema.MinItems} items"));
        }

        HashSet<string> keys = [];
        for (int i = 0; i < list.Count; i++)
        {
            CheckNode(causes, schema.Items ?? SchemaNode.Any, list[i], $"{path}[{i}]");
            if (schema.ListKind == ListKind.Map && list[i] is JsonObject item)
            {
                JsonObject key = [];
                foreach (string name in schema.Keys)
                {
                    key[name] = item[name]?.DeepClone();
                }

                if (!keys.Add(key.ToJsonString()))
                {
                    causes.Add(FieldError.Duplicate($"{path}[{i}]", key));
                }
            }
        }
    }

    private static IEnumerable<StatusCause> Scalar(SchemaNode schema, JsonValue value, string path)
    {
        if (schema.Allowed.Count > 0 && !schema.Allowed.Contains(value.ToString()))
        {
            yield return FieldError.Unsupported(path, value.ToString(), schema.Allowed);
        }

        if (schema.IsDuration && !DurationText.IsAtLeastMillisecond(value.ToString()))
        {
            yield return FieldError.Invalid(path, value, "is no duration of 1ms or more, such as 1.5s or 1m30s");
        }

        if (value.GetValueKind() == JsonValueKind.Number)
        {
            decimal number = decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            if (number > schema.Maximum)
            {
                yield return FieldError.Invalid(
                    path, value, $"{path} in body should be less than or equal to {schema.Maximum}");
            }

            if (number < schema.Minimum)
            {
                yield return FieldError.Invalid(
                    path, value, $"{path} in body should be greater than or equal to {schema.Minimum}");
            }
        }
    }

    private static IEnumerable<StatusCause> Missing(SchemaNode schema, JsonObject map, string prefix) =>
        schema.Required.Where(name => !map.ContainsKey(name)).Select(name => FieldError.Required(prefix + name));

    private static bool HasType(SchemaNode schema, JsonNode? value) => schema.Type switch
    {
        _ when schema.IntOrString => TypeOf(value) is "integer" or "string",
        null => true,
        "number" => TypeOf(value) is "number" or "integer",
        _ => TypeOf(value) == schema.Type,
    };

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ToJsonString().AsSpan().IndexOfAny(".eE") < 0 ? "integer" : "number",
    };
}
