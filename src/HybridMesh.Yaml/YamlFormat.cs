using System.Globalization;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Yaml;

/// <summary>Reads and writes YAML as Kubernetes' own tools do.</summary>
public sealed class YamlFormat : IYamlFormat
{
    /// <inheritdoc/>
    public JsonNode? Read(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return YamlReader.Read(text) is [{ } first, ..] ? first.Root : null;
        }
        catch (YamlFormatException e)
        {
            throw new MeshException(
                MeshErrorCode.ManifestInvalid,
                string.Create(
                    CultureInfo.InvariantCulture, $"{source}, line {e.Line}: this is no valid YAML: {e.Message}"),
                source,
                e);
        }
    }

    /// <inheritdoc/>
    public string Write(JsonNode? value) => YamlWriter.Write(value);
}
