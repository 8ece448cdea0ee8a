using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Where the mesh lets traffic in: the load balancer and ports of the ingress gateway's Service.</summary>
internal sealed record Ingress(string? Address, IReadOnlyList<int> Ports, string? Detail)
{
    private const string Home = "istio-system";
    private const string ServiceName = "istio-ingressgateway";
    private const string Label = "istio=ingressgateway";

    public static Ingress None(string detail) => new(null, [], detail);

    /// <summary>Reads the Service istio-system/istio-ingressgateway, else the first with Istio's own label.</summary>
    public static async Task<Ingress> ReadAsync(IKubernetesApi data, CancellationToken cancellationToken)
    {
        try
        {
            JsonObject? service =
                await data.FindAsync(KubernetesKind.Service, Home, ServiceName, cancellationToken).ConfigureAwait(false)
                ?? await FirstAsync(data, Home, cancellationToken).ConfigureAwait(false)
                ?? await FirstAsync(data, null, cancellationToken).ConfigureAwait(false);
            return service is null
                ? None($"There is no Service {Home}/{ServiceName} and none with the label {Label}.")
                : From(service);
        }
        catch (MeshException e)
        {
            // Not every role may read istio-system; whoever needs the address learns the reason.
            return None(e.Message);
        }
    }

    private static async Task<JsonObject?> FirstAsync(
        IKubernetesApi data, string? ns, CancellationToken cancellationToken)
    {
        await foreach (JsonObject service in
            data.ListAsync(KubernetesKind.Service, ns, Label, cancellationToken).ConfigureAwait(false))
        {
            return service;
        }

        return null;
    }

    private static Ingress From(JsonObject service)
    {
        JsonNode? spec = service["spec"];
        IEnumerable<JsonNode?> balancers = service["status"]?["loadBalancer"]?["ingress"] as JsonArray ?? [];
        string? address = balancers.Select(item => (string?)item?["ip"] ?? (string?)item?["hostname"])
            .Concat((spec?["externalIPs"] as JsonArray ?? []).Select(item => (string?)item))
            .FirstOrDefault(text => !string.IsNullOrEmpty(text));
        int[] ports = [.. (spec?["ports"] as JsonArray ?? []).Select(port => (int)port!["port"]!)];
        string name = $"{(string?)service["metadata"]?["namespace"]}/{(string?)service["metadata"]?["name"]}";
        return new(
            address, ports,
            address is null ? $"Service {name} has no load balancer address yet and no externalIPs." : null);
    }
}
