using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>A kind's object before anything is set: the structures the server's own types always have.</summary>
internal static class EmptyObject
{
    public static JsonObject Of(ResourceType type) => JsonNode.Parse(type.Kind switch
    {
        "Deployment" => """
            {"metadata":{},"spec":{"selector":null,"strategy":{},"template":{"metadata":{},"spec":{"containers":null}}},
             "status":{}}
            """,
        "Service" => """{"metadata":{},"spec":{},"status":{"loadBalancer":{}}}""",
        "Pod" => """{"metadata":{},"spec":{"containers":null},"status":{}}""",
        "Namespace" => """{"metadata":{},"spec":{},"status":{}}""",
        _ => """{"metadata":{}}""",
    })!.AsObject();
}
