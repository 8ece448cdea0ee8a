using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// Makes the routing of the whole mesh from its resources: sidecars' outbound routing on the ClusterIPs, the ingress
/// gateway's on its own address.
/// </summary>
internal sealed class RoutingCompiler
{
    private readonly MeshResources _resources;
    private readonly ServiceRegistry _registry;
    private readonly ClusterCatalog _clusters;
    private readonly RouteCompiler _routes;
    private readonly List<string> _problems = [];
    private readonly IReadOnlyList<JsonObject> _virtualServices;

    private RoutingCompiler(MeshResources resources)
    {
        _resources = resources;
        _registry = new ServiceRegistry(resources);
        _clusters = new ClusterCatalog(_registry, resources.DestinationRules);
        _routes = new RouteCompiler(_clusters);
        _virtualServices = [.. resources.VirtualServices.Where(IsAcceptable)];
    }

    public static RoutingSnapshot Compile(MeshResources resources, IPAddress ingress) =>
        new RoutingCompiler(resources).Compile(ingress);

    private RoutingSnapshot Compile(IPAddress ingress)
    {
        Dictionary<IPEndPoint, PortTable> listeners = [];
        IngressCompiler gateway = new(_resources.Gateways, _virtualServices, _routes);
        List<IPAddress> front = [ingress];
        foreach (JsonObject service in _resources.Services)
        {
            if (!IPAddress.TryParse(service.Text("spec", "clusterIP"), out IPAddress? address))
            {
                continue;
            }

            if (IngressServicePorts.IsIngress(service))
            {
                front.Add(address);
                continue;
            }

            MeshService host = _registry.Find(MeshHost.Of(service.Name(), service.Namespace()))!;
            foreach (JsonNode declared in service.Items("spec", "ports"))
            {
                if (declared.Number("port") is int port && host.Ports.ContainsKey(port))
                {
                    listeners[new IPEndPoint(address, port)] = Outbound(host, port);
                }
            }
        }

        foreach (IngressPort port in gateway.Ports)
        {
            PortTable table = gateway.Table(port);
            front.ForEach(address => listeners[new IPEndPoint(address, port.Number)] = table);
        }

        return new RoutingSnapshot(listeners, gateway.Ports, _problems);
    }

    private PortTable Outbound(MeshService service, int port)
    {
        RouteTarget own = new(_clusters.Find(service, port));
        WeightedChoice<RouteTarget> direct = new([(own, 1)]);
        JsonObject? virtualService = MeshVirtualService(service.Host);
        IReadOnlyList<HttpRoute> routes = virtualService?.At("spec", "http") is JsonArray { Count: > 0 }
            ? [.. _routes.Http(virtualService, RouteCompiler.Mesh, port)]
            : [new HttpRoute { Targets = direct }];
        return new PortTable(
            service.Ports[port].Protocol, new Dictionary<string, IReadOnlyList<HttpRoute>> { ["*"] = routes })
        {
            Tcp = (virtualService is null ? null : _routes.Tcp(virtualService, RouteCompiler.Mesh, port)) ?? direct,
        };
    }

    // A sidecar takes one VirtualService per host: the most precise host's, then the oldest's.
    private JsonObject? MeshVirtualService(string host) => _virtualServices
        .Where(item => RouteCompiler.GatewaysOf(item).Contains(RouteCompiler.Mesh))
        .SelectMany(item => item.Texts("spec", "hosts"), (item, name) =>
            (Item: item, Host: MeshHost.Resolve(name, item.Namespace())))
        .Where(pair => MeshHost.Covers(pair.Host, host))
        .OrderByDescending(pair => MeshHost.Precision(pair.Host))
        .Select(pair => pair.Item)
        .FirstOrDefault();

    // Istio's webhook refuses these; one that got in all the same is left out as a whole, and said.
    private bool IsAcceptable(JsonObject virtualService)
    {
        string? problem = virtualService.Items("spec", "http").Concat(virtualService.Items("spec", "tcp"))
            .Select(Problem).FirstOrDefault(found => found is not null);
        if (problem is not null)
        {
            _problems.Add($"VirtualService {virtualService.Namespace()}/{virtualService.Name()} is ignored: {problem}");
        }

        return problem is null;
    }

    private static string? Problem(JsonNode route)
    {
        int[] weights = [.. route.Items("route").Select(item => item.Number("weight") ?? 0)];
        if (weights.Any(weight => weight < 0))
        {
            return "a weight is negative.";
        }

        if (weights.Length > 1 && weights.Sum() == 0)
        {
            return "the weights of a route sum to zero.";
        }

        try
        {
            _ = route.Items("match").Select(match => new RouteMatch(match)).ToList();
            return null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return $"a regular expression is not valid: {error.Message}";
        }
    }
}
