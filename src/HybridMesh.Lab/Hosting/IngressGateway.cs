using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The Service users look the ingress address up in.</summary>
internal static class IngressGateway
{
    private const string Namespace = "istio-system";
    private const string Name = "istio-ingressgateway";

    /// <summary>Creates the Service; its ports follow the Gateway resources.</summary>
    public static void Create(ObjectStore dataPlane, AddressBlock block) =>
        dataPlane.Update("Service", Namespace, Name, existing => existing ?? new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { ["app"] = Name, ["istio"] = "ingressgateway" },
            },
            ["spec"] = new JsonObject
            {
                ["type"] = "LoadBalancer",
                ["selector"] = new JsonObject { ["app"] = Name, ["istio"] = "ingressgateway" },
                ["clusterIP"] = block.Service(0).ToString(),
                ["clusterIPs"] = new JsonArray(block.Service(0).ToString()),
                ["ports"] = new JsonArray(),
            },
            ["status"] = new JsonObject
            {
                ["loadBalancer"] = new JsonObject
                {
                    ["ingress"] = new JsonArray(new JsonObject { ["ip"] = block.Ingress.ToString() }),
                },
            },
        });
}
