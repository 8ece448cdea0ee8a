using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Keeps the ports of the ingress gateway's Service as the Gateways open them.</summary>
internal static class IngressServicePorts
{
    private const string Namespace = "istio-system";
    private const string Name = "istio-ingressgateway";

    public static bool IsIngress(JsonObject service) => service.Name() == Name && service.Namespace() == Namespace;

    public static void Write(ObjectStore dataPlane, IReadOnlyList<IngressPort> ports)
    {
        if (dataPlane.Find("Service", Namespace, Name) is null)
        {
            return;
        }

        dataPlane.Update("Service", Namespace, Name, service =>
        {
            if (service?.At("spec") is not JsonObject spec)
            {
                return service;
            }

            JsonArray wanted = Merge(spec["ports"] as JsonArray, ports);
            if (!JsonNode.DeepEquals(spec["ports"] ?? new JsonArray(), wanted))
            {
                spec["ports"] = wanted;
            }

            return service;
        });
    }

    // A port that is there already keeps what else it says, such as its nodePort.
    private static JsonArray Merge(JsonArray? present, IReadOnlyList<IngressPort> ports)
    {
        JsonArray wanted = [];
        foreach (IngressPort port in ports)
        {
            JsonNode? old = present?.FirstOrDefault(item => item.Number("port") == port.Number);
            wanted.Add(old?.DeepClone() ?? new JsonObject
            {
                ["name"] = port.Name,
                ["port"] = port.Number,
                ["protocol"] = "TCP",
                ["targetPort"] = port.Number,
            });
        }

        return wanted;
    }
}
