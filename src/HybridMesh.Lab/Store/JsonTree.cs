using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Trees as they would be read from the wire.</summary>
internal static class JsonTree
{
    /// <summary>
    /// A copy whose values are parsed ones: a number set as <see cref="int"/> refuses to be read as <see cref="long"/>,
    /// a parsed one may be read as either.
    /// </summary>
    public static JsonObject Parsed(JsonObject tree) => JsonNode.Parse(tree.ToJsonString())!.AsObject();
}
