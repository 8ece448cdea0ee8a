using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Finds the address at which VMs reach istiod: the load balancer of the east-west gateway.</summary>
/// <param name="gate">Hears what was decided.</param>
/// <param name="resolve">Resolves a host name.</param>
internal sealed class GatewayAddress(IChangeGate gate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private const string Remedy = "pass the address at which VMs reach istiod by -IngressIP.";

    /// <summary>The address of a Service, <c>name</c> or <c>name.namespace</c>.</summary>
    /// <exception cref="MeshException">GatewayAddressNotFound, naming -IngressIP.</exception>
    public async Task<string> FindAsync(MeshSession session, string service, CancellationToken cancellationToken)
    {
        string[] parts = service.Split('.', 2);
        string ns = parts.Length == 2 ? parts[1] : BootstrapOptions.IstioNamespace;
        string described = $"Service {ns}/{parts[0]} of the {session.NameOf(MeshPlane.Data)}";
        JsonObject item = await session.DataPlane
            .FindAsync(KubernetesKind.Service, ns, parts[0], cancellationToken).ConfigureAwait(false)
            ?? throw NotFound($"There is no {described}; name another by -IngressService, or {Remedy}", service);
        JsonNode?[] balancers = [.. item.At("status", "loadBalancer", "ingress") as JsonArray ?? []];
        string? address = balancers.Select(entry => entry.Text("ip"))
            .FirstOrDefault(ip => MeshAddress.Normalize(ip) is not null);
        string? host = balancers.Select(entry => entry.Text("hostname"))
            .FirstOrDefault(name => !string.IsNullOrEmpty(name));
        if (address is null && host is not null)
        {
            address = await ResolveAsync(host, described, cancellationToken).ConfigureAwait(false);
        }

        address ??= (item.At("spec", "externalIPs") as JsonArray ?? []).Select(ip => ip.Text())
            .FirstOrDefault(ip => MeshAddress.Normalize(ip) is not null);
        gate.Verbose($"{described}: istiod is reached at {address ?? "no address"}.");
        return address ?? throw NotFound(
            $"{described} has no load balancer address yet and no externalIPs; wait for one, or {Remedy}", service);
    }

    // A stable rule, so that a second run finds the same: IPv4 before IPv6, then the lowest.
    private async Task<string> ResolveAsync(string host, string described, CancellationToken cancellationToken)
    {
        IPAddress[] found;
        try
        {
            found = await resolve(host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw NotFound(
                $"{described} has the load balancer '{host}', which does not resolve here ({e.Message}); {Remedy}",
                host, e);
        }

        IPAddress[] sorted =
        [
            .. found.OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                .ThenBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal),
        ];
        if (sorted.Length == 0)
        {
            throw NotFound($"{described} has the load balancer '{host}', which has no address; {Remedy}", host);
        }

        string all = string.Join(", ", sorted.Select(item => item.ToString()));
        gate.Verbose($"Load balancer {host} has the addresses {all}; the first is taken.");
        return sorted[0].ToString();
    }

    private static MeshException NotFound(string message, string target, Exception? inner = null) =>
        new(MeshErrorCode.GatewayAddressNotFound, message, target, inner);
}
