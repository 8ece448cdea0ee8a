using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// The ingress gateway's virtual hosts: what its Gateways open, joined with the VirtualServices bound to them.
/// </summary>
internal sealed class IngressCompiler
{
    private readonly List<(string Gateway, string Namespace, JsonNode Server)> _servers = [];
    private readonly IReadOnlyList<JsonObject> _virtualServices;
    private readonly RouteCompiler _routes;

    public IngressCompiler(
        IReadOnlyList<JsonObject> gateways, IReadOnlyList<JsonObject> virtualServices, RouteCompiler routes)
    {
        _virtualServices = virtualServices;
        _routes = routes;
        foreach (JsonObject gateway in gateways.Where(SelectsIngress))
        {
            _servers.AddRange(gateway.Items("spec", "servers")
                .Where(server => server.Number("port", "number") is not null)
                .Select(server => ($"{gateway.Namespace()}/{gateway.Name()}", gateway.Namespace(), server)));
        }

        // The first Gateway to open a port says what it speaks. A Service's ports must not share a name.
        HashSet<string> names = [];
        Ports = [.. _servers.Select(item => PortOf(item.Server)).DistinctBy(port => port.Number)
            .OrderBy(port => port.Number)
            .Select(port => names.Add(port.Name) ? port : port with { Name = $"{port.Name}-{port.Number}" })];
    }

    public IReadOnlyList<IngressPort> Ports { get; }

    public PortTable Table(IngressPort port)
    {
        Dictionary<string, List<HttpRoute>> domains = new(StringComparer.OrdinalIgnoreCase);
        WeightedChoice<RouteTarget>? tcp = null;
        foreach ((string gateway, string ns, JsonNode server) in _servers
            .Where(item => item.Server.Number("port", "number") == port.Number))
        {
            foreach (JsonObject virtualService in _virtualServices
                .Where(item => RouteCompiler.GatewaysOf(item).Contains(gateway)))
            {
                string[] shared = [.. Domains(server, ns, virtualService).Distinct()];
                tcp ??= shared.Length > 0 ? _routes.Tcp(virtualService, gateway, port.Number) : null;
                Array.ForEach(shared, domain => Add(
                    domains, domain, _routes.Http(virtualService, gateway, port.Number)));
            }
        }

        return new PortTable(
            port.Protocol,
            domains.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<HttpRoute>)pair.Value))
        {
            Tcp = tcp,
        };
    }

    private static void Add(Dictionary<string, List<HttpRoute>> domains, string domain, IEnumerable<HttpRoute> routes)
    {
        if (!domains.TryGetValue(domain, out List<HttpRoute>? list))
        {
            domains[domain] = list = [];
        }

        list.AddRange(routes);
    }

    // The more precise of the server's host and the VirtualService's, where one covers the other.
    private static IEnumerable<string> Domains(JsonNode server, string gatewayNamespace, JsonObject virtualService)
    {
        foreach (string declared in server.Texts("hosts"))
        {
            string[] parts = declared.Split('/', 2);
            string wanted = parts.Length == 1 || parts[0] == "*" ? virtualService.Namespace()
                : parts[0] == "." ? gatewayNamespace : parts[0];
            if (wanted != virtualService.Namespace())
            {
                continue;
            }

            foreach (string name in virtualService.Texts("spec", "hosts"))
            {
                string host = MeshHost.Resolve(name, virtualService.Namespace());
                if (MeshHost.Covers(parts[^1], host))
                {
                    yield return host;
                }
                else if (MeshHost.Covers(host, parts[^1]))
                {
                    yield return parts[^1];
                }
            }
        }
    }

    private static bool SelectsIngress(JsonObject gateway)
    {
        IReadOnlyDictionary<string, string> labels = new Dictionary<string, string>
        {
            ["istio"] = "ingressgateway",
            ["app"] = "istio-ingressgateway",
        };
        return gateway.Map("spec", "selector").Selects(labels);
    }

    private static IngressPort PortOf(JsonNode server)
    {
        int number = server.Number("port", "number")!.Value;
        string name = server.Text("port", "name") is { Length: > 0 } given ? given : $"port-{number}";
        return new IngressPort(number, name, AppProtocols.Declared(server.Text("port", "protocol"), name));
    }
}
