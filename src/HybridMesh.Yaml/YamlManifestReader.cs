using System.Text.Json;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Yaml;

/// <summary>Reads manifests from YAML and JSON.</summary>
public sealed class YamlManifestReader : IManifestReader
{
    /// <inheritdoc/>
    public IReadOnlyList<Manifest> Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            IReadOnlyList<YamlDocument> documents =
                file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ReadJson(text) : YamlReader.Read(text);
            return [.. documents.SelectMany(document => Flatten(document, document.Root, file))];
        }
        catch (YamlFormatException e)
        {
            throw Invalid(file, e.Line, $"it is no valid YAML: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw Invalid(
                file, (int)(e.LineNumber ?? 0) + 1, $"it is no valid JSON: {e.Message.Split(" Path:")[0]}", e);
        }
    }

    private static IReadOnlyList<YamlDocument> ReadJson(string text) =>
        string.IsNullOrWhiteSpace(text) ? [] : [new YamlDocument(
            JsonNode.Parse(text), 1, new Dictionary<JsonNode, int>(ReferenceEqualityComparer.Instance))];

    private static IEnumerable<Manifest> Flatten(YamlDocument document, JsonNode? node, string file)
    {
        int line = document.LineOf(node);
        if (node is not JsonObject item)
        {
            throw Invalid(file, line, "a document must be a map with apiVersion, kind and metadata.");
        }

        string kind = Required(item["kind"], "kind", file, line);
        if (kind.EndsWith("List", StringComparison.Ordinal) && item["items"] is JsonArray items)
        {
            return items.SelectMany(entry => Flatten(document, entry, file));
        }

        Required(item["apiVersion"], "apiVersion", file, line);
        if (item["metadata"] is not JsonObject metadata)
        {
            throw Invalid(file, line, $"this {kind} has no metadata.");
        }

        if (metadata["name"] is null && metadata["generateName"] is not null)
        {
            throw Invalid(file, line, "an object with generateName can't be published, because a second run would "
                + "make another. Give it a name.");
        }

        Required(metadata["name"], "metadata.name", file, line);
        if (metadata["namespace"] is { } ns)
        {
            Required(ns, "metadata.namespace", file, line);
        }

        return [new Manifest(item.DeepClone().AsObject(), file, line)];
    }

    private static string Required(JsonNode? node, string name, string file, int line) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0
            ? text
            : throw Invalid(file, line, node is null ? $"{name} is missing." : $"{name} must be text; quote it.");

    private static MeshException Invalid(string file, int line, string reason, Exception? inner = null)
    {
        string source = $"{file}:{line.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        return new MeshException(MeshErrorCode.ManifestInvalid, $"{source}: {reason}", source, inner);
    }
}
