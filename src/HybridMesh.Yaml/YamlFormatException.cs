namespace HybridMesh.Yaml;

/// <summary>A text is not the YAML it should be.</summary>
public sealed class YamlFormatException(int line, string reason, Exception? innerException = null)
    : Exception(reason, innerException)
{
    /// <summary>The line, from 1.</summary>
    public int Line => line;
}
