using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>A stored object as a version of its kind shows it.</summary>
internal static class ObjectView
{
    /// <summary>apiVersion and kind first, in the version asked for.</summary>
    public static JsonObject At(ResourceType type, string version, JsonObject stored)
    {
        JsonObject result = new() { ["apiVersion"] = type.ApiVersion(version), ["kind"] = type.Kind };
        foreach ((string name, JsonNode? value) in stored)
        {
            if (name is not ("apiVersion" or "kind"))
            {
                result[name] = value?.DeepClone();
            }
        }

        return result;
    }

    /// <summary>
    /// As an item of a list. The items of built-in kinds carry neither apiVersion nor kind; custom resources do.
    /// </summary>
    public static JsonObject AsListItem(ResourceType type, string version, JsonObject stored)
    {
        JsonObject result = At(type, version, stored);
        if (!type.IsCustom)
        {
            result.Remove("apiVersion");
            result.Remove("kind");
        }

        return result;
    }

    public static string Name(JsonObject item) => (string?)item["metadata"]?["name"] ?? "";

    public static string Namespace(JsonObject item) => (string?)item["metadata"]?["namespace"] ?? "";
}
