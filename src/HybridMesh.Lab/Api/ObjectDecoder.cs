using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// Fits a body into its kind's schema: unknown fields go, with a warning or an error as the call asks; values of a
/// wrong type in a built-in kind are refused, in a custom resource they are left to its validation.
/// </summary>
internal sealed class ObjectDecoder(ResourceType type, string version)
{
    private readonly List<string> _unknown = [];

    public IEnumerable<string> Warnings => _unknown.Select(path => $"unknown field \"{path}\"");

    public JsonObject Decode(JsonObject body, FieldValidation validation)
    {
        _unknown.Clear();
        JsonObject result = (JsonObject)Fit(SchemaCatalog.Shared.Of(type), body, "")!;
        if (_unknown.Count > 0 && validation == FieldValidation.Strict)
        {
            throw ApiException.BadRequest(
                $"{type.Kind} in version \"{version}\" cannot be handled as a {type.Kind}: strict decoding error: "
                + string.Join(", ", Warnings));
        }

        if (validation == FieldValidation.Ignore)
        {
            _unknown.Clear();
        }

        return result;
    }

    private JsonNode? Fit(SchemaNode schema, JsonNode? value, string path)
    {
        if (!type.IsCustom || path.StartsWith("metadata", StringComparison.Ordinal))
        {
            CheckType(schema, value, path);
        }

        return value switch
        {
            JsonObject map => FitMap(schema, map, path),
            JsonArray list => FitList(schema, list, path),
            _ => value?.DeepClone(),
        };
    }

    private JsonObject FitMap(SchemaNode schema, JsonObject map, string path)
    {
        JsonObject result = [];
        foreach ((string name, JsonNode? value) in map)
        {
            string below = path.Length == 0 ? name : $"{path}.{name}";
            SchemaNode? field = schema.Field(name);
            if (field is null)
            {
                _unknown.Add(below);
            }
            else if (value is not null || schema.PreserveUnknown)
            {
                result[name] = Fit(field, value, below);
            }
        }

        return result;
    }

    private JsonArray FitList(SchemaNode schema, JsonArray list, string path)
    {
        JsonArray result = [];
        foreach (JsonNode? item in list)
        {
            result.Add(Fit(schema.Items ?? SchemaNode.Any, item, $"{path}[{result.Count}]"));
        }

        return result;
    }

    private void CheckType(SchemaNode schema, JsonNode? value, string path)
    {
        JsonValueKind kind = value?.GetValueKind() ?? JsonValueKind.Null;
        bool fits = kind == JsonValueKind.Null || schema.Type switch
        {
            _ when schema.IntOrString => kind is JsonValueKind.String or JsonValueKind.Number,
            "object" => kind == JsonValueKind.Object,
            "array" => kind == JsonValueKind.Array,
            "string" => kind == JsonValueKind.String,
            "integer" => kind == JsonValueKind.Number
                && value!.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-'),
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "quantity" => kind is JsonValueKind.String or JsonValueKind.Number,
            _ => true,
        };
        if (fits)
        {
            return;
        }

        string given = kind switch
        {
            JsonValueKind.Number => $"number {(schema.Type == "integer" ? value!.ToJsonString() : "")}".TrimEnd(),
            JsonValueKind.True or JsonValueKind.False => "bool",
            _ => kind.ToString().ToLowerInvariant(),
        };
        string wanted = schema.Type switch
        {
            "integer" => "int32",
            "boolean" => "bool",
            "array" => "[]",
            "object" => schema.AdditionalProperties is null ? type.Kind : "map[string]string",
            _ => "string",
        };
        throw ApiException.BadRequest(
            $"{type.Kind} in version \"{version}\" cannot be handled as a {type.Kind}: json: cannot unmarshal {given} "
            + $"into Go struct field {type.Kind}.{path} of type {wanted}");
    }
}
