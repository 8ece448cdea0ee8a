using System.Text.Json.Nodes;

namespace HybridMesh.Yaml;

/// <summary>A document as JSON, and the lines its maps begin at.</summary>
public sealed record YamlDocument(JsonNode? Root, int Line, IReadOnlyDictionary<JsonNode, int> Lines)
{
    /// <summary>The line a map begins at, from 1; the document's own when it is not known.</summary>
    public int LineOf(JsonNode? node) => node is not null && Lines.TryGetValue(node, out int line) ? line : Line;
}
