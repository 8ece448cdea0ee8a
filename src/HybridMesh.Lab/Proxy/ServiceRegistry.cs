using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The hosts of the mesh and their endpoints, joined from both planes as istiod does.</summary>
internal sealed class ServiceRegistry
{
    private readonly Dictionary<string, MeshService> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly ILookup<string, JsonObject> _pods;
    private readonly ILookup<string, JsonObject> _workloads;
    private readonly MeshResources _resources;

    public ServiceRegistry(MeshResources resources)
    {
        _resources = resources;
        _pods = resources.Pods.Where(IsReady).ToLookup(pod => pod.Namespace());
        _workloads = resources.WorkloadEntries.ToLookup(entry => entry.Namespace());
        foreach (JsonObject service in resources.Services)
        {
            AddService(service);
        }

        foreach (JsonObject entry in resources.ServiceEntries)
        {
            AddServiceEntry(entry);
        }
    }

    public MeshService? Find(string host) => _services.GetValueOrDefault(host);

    private MeshService At(string host)
    {
        if (!_services.TryGetValue(host, out MeshService? service))
        {
            _services[host] = service = new MeshService(host.ToLowerInvariant());
        }

        return service;
    }

    private void AddService(JsonObject service)
    {
        MeshService host = At(MeshHost.Of(service.Name(), service.Namespace()));
        IReadOnlyDictionary<string, string> selector = service.Map("spec", "selector");
        foreach (JsonNode declared in service.Items("spec", "ports"))
        {
            if (declared.Number("port") is not int number || declared.Text("protocol") is not (null or "TCP"))
            {
                continue;
            }

            MeshServicePort port = new()
            {
                Protocol = AppProtocols.OfServicePort(declared.Text("appProtocol"), declared.Text("name")),
            };
            host.Ports[number] = port;
            foreach (MeshEndpoint endpoint in selector.Count > 0
                ? PodsOf(service.Namespace(), selector, pod => TargetPort(declared, number, pod))
                : ListedEndpoints(service, declared.Text("name")))
            {
                port.Add(endpoint);
            }
        }
    }

    private void AddServiceEntry(JsonObject entry)
    {
        string ns = entry.Namespace();
        IReadOnlyDictionary<string, string> selector = entry.Map("spec", "workloadSelector", "labels");
        IEnumerable<JsonNode> workloads = entry.Items("spec", "endpoints");
        if (selector.Count > 0)
        {
            workloads = workloads.Concat(
                _workloads[ns].Select(item => item.At("spec")!).Where(spec => selector.Selects(spec.Map("labels"))));
        }

        JsonNode[] all = [.. workloads];
        foreach (JsonNode declared in entry.Items("spec", "ports"))
        {
            if (declared.Number("number") is not int number)
            {
                continue;
            }

            int target = declared.Number("targetPort") is int given and > 0 ? given : number;
            string name = declared.Text("name") ?? "";
            MeshEndpoint[] endpoints =
            [
                .. all.Where(item => !string.IsNullOrEmpty(item.Text("address")))
                    .Select(item => OfWorkload(item, item.Number("ports", name) ?? target)),
                .. selector.Count > 0 ? PodsOf(ns, selector, _ => target) : [],
            ];
            foreach (string host in entry.Texts("spec", "hosts"))
            {
                MeshService service = At(host);
                if (!service.Ports.TryGetValue(number, out MeshServicePort? port))
                {
                    service.Ports[number] = port = new MeshServicePort { Protocol = AppProtocol.Tcp };
                }

                // What the ServiceEntry declares decides, also where a Service of the same host names the port better:
                // weights on a port that is not HTTP here have no effect.
                port.Protocol = AppProtocols.Declared(declared.Text("protocol"), name);
                Array.ForEach(endpoints, port.Add);
            }
        }
    }

    private IEnumerable<MeshEndpoint> PodsOf(
        string ns, IReadOnlyDictionary<string, string> selector, Func<JsonObject, int?> portOf)
    {
        foreach (JsonObject pod in _pods[ns])
        {
            IReadOnlyDictionary<string, string> labels = pod.Map("metadata", "labels");
            if (selector.Selects(labels) && portOf(pod) is int port)
            {
                yield return new MeshEndpoint(pod.Text("status", "podIP")!, port, 1, labels);
            }
        }
    }

    private IEnumerable<MeshEndpoint> ListedEndpoints(JsonObject service, string? portName) =>
        from item in _resources.Endpoints
        where item.Name() == service.Name() && item.Namespace() == service.Namespace()
        from subset in item.Items("subsets")
        from port in subset.Items("ports")
        where (port.Text("name") ?? "") == (portName ?? "") && port.Number("port") is not null
        from address in subset.Items("addresses")
        where address.Text("ip") is not null
        select new MeshEndpoint(address.Text("ip")!, port.Number("port")!.Value, 1, address.Map("labels"));

    private static MeshEndpoint OfWorkload(JsonNode spec, int port) => new(
        spec.Text("address")!, port, spec.Number("weight") is int weight and > 0 ? weight : 1, spec.Map("labels"));

    private static int? TargetPort(JsonNode declared, int number, JsonObject pod) =>
        declared.At("targetPort") is null ? number
        : declared.Number("targetPort") is int target ? target > 0 ? target : number
        : pod.Items("spec", "containers").SelectMany(container => container.Items("ports"))
            .FirstOrDefault(port => port.Text("name") == declared.Text("targetPort")).Number("containerPort");

    private static bool IsReady(JsonObject pod) =>
        !string.IsNullOrEmpty(pod.Text("status", "podIP"))
        && pod.At("metadata", "deletionTimestamp") is null
        && pod.Items("status", "conditions")
            .Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");
}
