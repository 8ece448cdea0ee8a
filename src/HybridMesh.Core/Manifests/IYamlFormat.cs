using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Reads and writes YAML as Kubernetes' own tools do.</summary>
public interface IYamlFormat
{
    /// <summary>The first document of a text; null when there is none.</summary>
    /// <param name="text">YAML, of which JSON is a part.</param>
    /// <param name="source">What the text is, for errors: a file, or <c>key 'mesh' of ConfigMap ns/name</c>.</param>
    /// <exception cref="MeshException">ManifestInvalid, naming the source and the line.</exception>
    JsonNode? Read(string text, string source);

    /// <summary>A value as text: keys in natural order, lists and maps in block style, a newline at the end.</summary>
    string Write(JsonNode? value);
}
