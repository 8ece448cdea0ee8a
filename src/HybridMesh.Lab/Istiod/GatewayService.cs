using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The Service of a gateway of the mesh, where users look its address up.</summary>
internal static class GatewayService
{
    public const string Namespace = "istio-system";

    /// <summary>The object, with a load balancer that has its address.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="role">The label <c>istio</c>.</param>
    /// <param name="clusterIp">Its ClusterIP.</param>
    /// <param name="address">The load balancer's.</param>
    /// <param name="ports">Names and numbers of its ports.</param>
    public static JsonObject New(
        string name, string role, IPAddress clusterIp, IPAddress address,
        params (string Name, int Number)[] ports) => new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { ["app"] = name, ["istio"] = role },
            },
            ["spec"] = new JsonObject
            {
                ["type"] = "LoadBalancer",
                ["selector"] = new JsonObject { ["app"] = name, ["istio"] = role },
                ["clusterIP"] = clusterIp.ToString(),
                ["clusterIPs"] = new JsonArray(clusterIp.ToString()),
                ["ports"] = new JsonArray([.. ports.Select(port => new JsonObject
                {
                    ["name"] = port.Name,
                    ["port"] = port.Number,
                    ["protocol"] = "TCP",
                    ["targetPort"] = port.Number,
                })]),
            },
            ["status"] = new JsonObject
            {
                ["loadBalancer"] = new JsonObject
                {
                    ["ingress"] = new JsonArray(new JsonObject { ["ip"] = address.ToString() }),
                },
            },
        };
}
