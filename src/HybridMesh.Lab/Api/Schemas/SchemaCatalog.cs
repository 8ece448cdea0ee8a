using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The schemas of all kinds, from the embedded files (see README.md beside them).</summary>
internal sealed class SchemaCatalog
{
    private static readonly Lazy<SchemaCatalog> Loaded = new(() => new SchemaCatalog());
    private readonly Dictionary<string, SchemaNode> _builtIn = [];
    private readonly Dictionary<string, SchemaNode> _custom = [];
    private readonly JsonObject _definitions;

    private SchemaCatalog()
    {
        _definitions = Read("kubernetes.json");
        SchemaNode metadata = Definition("ObjectMeta");
        foreach ((string kind, JsonNode? schema) in Read("istio.json"))
        {
            SchemaNode body = Parse(schema!.AsObject());
            Dictionary<string, SchemaNode> properties = new(body.Properties)
            {
                ["apiVersion"] = new SchemaNode { Type = "string" },
                ["kind"] = new SchemaNode { Type = "string" },
                ["metadata"] = metadata,
            };
            _custom[kind] = new SchemaNode { Type = "object", Properties = properties, Rules = body.Rules };
        }
    }

    public static SchemaCatalog Shared => Loaded.Value;

    public IEnumerable<SchemaNode> CustomKinds => _custom.Values;

    public SchemaNode Of(ResourceType type)
    {
        lock (_builtIn)
        {
            return type.IsCustom ? _custom[type.Kind] : Definition(type.Kind);
        }
    }

    private SchemaNode Definition(string name)
    {
        if (!_builtIn.TryGetValue(name, out SchemaNode? found))
        {
            found = Parse(_definitions[name]!.AsObject());
            _builtIn[name] = found;
        }

        return found;
    }

    private SchemaNode Parse(JsonObject schema)
    {
        if ((string?)schema["$ref"] is { } reference && schema.Count == 1)
        {
            return Definition(reference);
        }

        JsonObject own = (string?)schema["$ref"] is { } target ? Overlay(_definitions[target]!.AsObject(), schema) : schema;
        return new SchemaNode
        {
            Type = (string?)own["type"],
            IntOrString = (bool?)own["x-kubernetes-int-or-string"] ?? false,
            PreserveUnknown = (bool?)own["x-kubernetes-preserve-unknown-fields"] ?? false,
            Nullable = (bool?)own["nullable"] ?? false,
            AtomicMap = (string?)own["x-kubernetes-map-type"] == "atomic",
            Properties = own["properties"] is JsonObject properties
                ? properties.ToDictionary(pair => pair.Key, pair => Parse(pair.Value!.AsObject()))
                : new Dictionary<string, SchemaNode>(),
            AdditionalProperties = own["additionalProperties"] is JsonObject additional ? Parse(additional) : null,
            Items = own["items"] is JsonObject items ? Parse(items) : null,
            ListKind = (string?)own["x-kubernetes-list-type"] switch
            {
                "map" => ListKind.Map,
                "set" => ListKind.Set,
                _ => ListKind.Atomic,
            },
            Keys = own["x-kubernetes-list-map-keys"] is JsonArray keys ? [.. keys.Select(key => (string)key!)] : [],
            Default = own["default"]?.DeepClone(),
            Rules = own,
        };
    }

    private static JsonObject Overlay(JsonObject definition, JsonObject reference)
    {
        JsonObject result = definition.DeepClone().AsObject();
        foreach ((string key, JsonNode? value) in reference.Where(pair => pair.Key != "$ref"))
        {
            result[key] = value?.DeepClone();
        }

        return result;
    }

    private static JsonObject Read(string file)
    {
        using Stream stream = typeof(SchemaCatalog).Assembly.GetManifestResourceStream("Schemas." + file)
            ?? throw new InvalidOperationException($"The lab was built without {file}.");
        return JsonNode.Parse(stream)!.AsObject();
    }
}
