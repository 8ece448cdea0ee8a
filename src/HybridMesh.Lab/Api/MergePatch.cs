using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>RFC 7386.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        JsonObject result = target.DeepClone().AsObject();
        foreach ((string name, JsonNode? value) in patch)
        {
            switch (value)
            {
                case null:
                    result.Remove(name);
                    break;
                case JsonObject map:
                    result[name] = Apply(result[name] as JsonObject ?? [], map);
                    break;
                default:
                    result[name] = value.DeepClone();
                    break;
            }
        }

        return result;
    }
}
