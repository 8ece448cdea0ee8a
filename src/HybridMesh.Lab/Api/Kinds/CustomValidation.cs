using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>Validates a custom resource by its schema, as far as Istio's schemas go.</summary>
internal static class CustomValidation
{
    public static IEnumerable<StatusCause> Check(SchemaNode schema, JsonObject item)
    {
        List<StatusCause> causes = [];
        foreach (string name in Required(schema.Rules).Where(name => !item.ContainsKey(name)))
        {
            causes.Add(FieldError.Required(name));
        }

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
        if (value is null && schema.Nullable)
        {
            return;
        }

        if (!HasType(schema, value))
        {
            string given = TypeOf(value);
            causes.Add(FieldError.Invalid(
                path, given, $"{path} in body must be of type {schema.Type}: \"{given}\""));
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
                causes.AddRange(Scalar(schema.Rules, scalar, path));
                break;
            default:
                break;
        }

        causes.AddRange(Combinations(schema.Rules, value, path));
        causes.AddRange(Rules(schema.Rules, value, path));
    }

    private static void CheckMap(List<StatusCause> causes, SchemaNode schema, JsonObject map, string path)
    {
        foreach (string name in Required(schema.Rules).Where(name => !map.ContainsKey(name)))
        {
            causes.Add(FieldError.Required($"{path}.{name}"));
        }

        if ((int?)schema.Rules["maxProperties"] is { } most && map.Count > most)
        {
            causes.Add(new("FieldValueTooMany", $"Too many: {map.Count}: must have at most {most} items", path));
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
        if ((int?)schema.Rules["maxItems"] is { } most && list.Count > most)
        {
            causes.Add(new("FieldValueTooMany", $"Too many: {list.Count}: must have at most {most} items", path));
        }

        if ((int?)schema.Rules["minItems"] is { } least && list.Count < least)
        {
            causes.Add(FieldError.Invalid(
                path, JsonValue.Create(list.Count), $"{path} in body should have at least {least} items"));
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

    private static IEnumerable<StatusCause> Scalar(JsonObject rules, JsonValue value, string path)
    {
        if (rules["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            yield return FieldError.Unsupported(path, value.ToString(), allowed.Select(one => (string)one!));
        }

        if (value.GetValueKind() == JsonValueKind.Number)
        {
            decimal number = decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            if ((decimal?)rules["maximum"] is { } most && number > most)
            {
                yield return FieldError.Invalid(path, value, $"{path} in body should be less than or equal to {most}");
            }

            if ((decimal?)rules["minimum"] is { } least && number < least)
            {
                yield return FieldError.Invalid(path, value, $"{path} in body should be greater than or equal to {least}");
            }
        }
        else if (value.GetValueKind() == JsonValueKind.String)
        {
            string text = value.ToString();
            if ((int?)rules["maxLength"] is { } most && text.Length > most)
            {
                yield return new("FieldValueTooLong", $"Too long: may not be more than {most} bytes", path);
            }

            if ((int?)rules["minLength"] is { } least && text.Length < least)
            {
                yield return FieldError.Invalid(path, value, $"{path} in body should be at least {least} chars long");
            }

            if ((string?)rules["pattern"] is { } pattern && !Regex.IsMatch(text, pattern))
            {
                yield return FieldError.Invalid(path, value, $"{path} in body should match '{pattern}'");
            }
        }
    }

    private static IEnumerable<StatusCause> Combinations(JsonObject rules, JsonNode? value, string path)
    {
        string text = $"\"{path}\" must validate";
        if (rules["oneOf"] is JsonArray one)
        {
            int valid = one.Count(option => Satisfies(option, value));
            if (valid != 1)
            {
                string found = valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives";
                yield return FieldError.Invalid(path, "", $"{text} one and only one schema (oneOf). {found}");
            }
        }

        if (rules["anyOf"] is JsonArray any && !any.Any(option => Satisfies(option, value)))
        {
            yield return FieldError.Invalid(path, "", $"{text} at least one schema (anyOf)");
        }

        if (rules["allOf"] is JsonArray all && !all.All(option => Satisfies(option, value)))
        {
            yield return FieldError.Invalid(path, "", $"{text} all the schemas (allOf)");
        }

        if (rules["not"] is { } not && Satisfies(not, value))
        {
            yield return FieldError.Invalid(path, "", $"{text} not the schema (not)");
        }
    }

    /// <summary>Whether a value fits the value-free part of a schema: what stands below oneOf, anyOf, allOf, not.</summary>
    private static bool Satisfies(JsonNode? rules, JsonNode? value)
    {
        if (rules is not JsonObject schema)
        {
            return true;
        }

        bool required = Required(schema).All(name => value is JsonObject map && map.ContainsKey(name));
        bool typed = schema["type"] is null || HasType(new SchemaNode { Type = (string?)schema["type"] }, value);
        return required && typed && !Combinations(schema, value, "").Any();
    }

    private static IEnumerable<StatusCause> Rules(JsonObject rules, JsonNode? value, string path)
    {
        foreach (JsonNode? rule in rules["x-kubernetes-validations"] as JsonArray ?? [])
        {
            string expression = (string)rule!["rule"]!;
            if (!CelRules.Holds(expression, value))
            {
                yield return FieldError.Invalid(
                    path, TypeOf(value), (string?)rule["message"] ?? $"failed rule: {expression}");
            }
        }
    }

    private static IEnumerable<string> Required(JsonObject rules) =>
        (rules["required"] as JsonArray ?? []).Select(name => (string)name!);

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
