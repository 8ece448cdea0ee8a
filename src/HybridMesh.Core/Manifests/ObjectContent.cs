using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What an object says besides which one it is.</summary>
internal static class ObjectContent
{
    /// <summary>A copy without kind, name and namespace.</summary>
    public static JsonObject Of(JsonObject manifest)
    {
        JsonObject copy = manifest.DeepClone().AsObject();
        copy.Remove("apiVersion");
        copy.Remove("kind");
        if (copy["metadata"] is JsonObject metadata)
        {
            metadata.Remove("name");
            metadata.Remove("namespace");
            if (metadata.Count == 0)
            {
                copy.Remove("metadata");
            }
        }

        return copy;
    }
}
