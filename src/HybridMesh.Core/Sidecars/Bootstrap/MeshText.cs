using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>The mesh configuration as a text, and what it is: a file, or a ConfigMap's key.</summary>
internal sealed record MeshText(string Text, string Source)
{
    /// <summary>
    /// The configuration. A ConfigMap's manifest is taken for the configuration in its key <c>mesh</c>.
    /// </summary>
    /// <exception cref="MeshException">ManifestInvalid, naming the source.</exception>
    public JsonObject Read(IYamlFormat yaml)
    {
        JsonNode? root = yaml.Read(Text, Source);
        if (root.Text("kind") == "ConfigMap")
        {
            root = root.Text("data", "mesh") is { } mesh
                ? yaml.Read(mesh, $"{Source}, data.mesh")
                : throw new MeshException(
                    MeshErrorCode.ManifestInvalid,
                    $"{Source} is a ConfigMap without data.mesh; Istio's is called istio or istio-<revision>.", Source);
        }

        return root switch
        {
            null => [],
            JsonObject map => map,
            _ => throw new MeshException(
                MeshErrorCode.ManifestInvalid, $"{Source} holds no mesh configuration: a map is expected.", Source),
        };
    }
}
