using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>One object of a manifest file.</summary>
/// <param name="Content">The object; apiVersion, kind and metadata.name are there.</param>
/// <param name="File">The file it was read from.</param>
/// <param name="Line">The line it begins at, from 1.</param>
public sealed record Manifest(JsonObject Content, string File, int Line)
{
    /// <summary>Where it stands: <c>file:line</c>.</summary>
    public string Source => $"{File}:{Line.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>The kind.</summary>
    public string Kind => (string)Content["kind"]!;

    /// <summary>The name.</summary>
    public string Name => (string)Content["metadata"]!["name"]!;

    /// <summary>The API group; empty for the core group.</summary>
    public string Group => ApiVersion.Contains('/') ? ApiVersion.Split('/')[0] : "";

    /// <summary>The version within the group.</summary>
    public string Version => ApiVersion.Split('/')[^1];

    private string ApiVersion => (string)Content["apiVersion"]!;
}

/// <summary>Reads the objects of a manifest's text.</summary>
public interface IManifestReader
{
    /// <summary>
    /// The objects in the order written; lists are taken apart. Scalars are read as Kubernetes' own tools read them.
    /// </summary>
    /// <param name="text">YAML with any number of documents, or JSON.</param>
    /// <param name="file">The file's name, for errors; its extension tells JSON from YAML.</param>
    /// <exception cref="MeshException">ManifestInvalid, naming file and line.</exception>
    IReadOnlyList<Manifest> Read(string text, string file);
}
