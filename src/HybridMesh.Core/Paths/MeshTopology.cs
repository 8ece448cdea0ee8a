using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Who lives at which address of a namespace, and which of them stand behind a host.</summary>
internal sealed class MeshTopology
{
    private readonly List<MeshEndpoint> _pods = [];
    private readonly List<MeshEndpoint> _vms = [];
    private readonly List<JsonObject> _services = [];
    private readonly List<JsonObject> _serviceEntries = [];
    private readonly Dictionary<string, MeshEndpoint> _byAddress = new(StringComparer.Ordinal);
    private readonly string _namespace;

    private MeshTopology(string ns) => _namespace = ns;

    /// <summary>Reads pods, Services, WorkloadEntries and ServiceEntries of a namespace.</summary>
    public static async Task<MeshTopology> ReadAsync(
        MeshSession session, string ns, CancellationToken cancellationToken)
    {
        MeshTopology topology = new(ns);
        await foreach (JsonObject pod in session.DataPlane.ListAsync(KubernetesKind.Pod, ns, null, cancellationToken)
            .ConfigureAwait(false))
        {
            topology.Add(
                topology._pods, pod, HopKind.Pod, pod.Text("status", "podIP"), pod.Strings("metadata", "labels"));
        }

        await foreach (JsonObject service in session.DataPlane
            .ListAsync(KubernetesKind.Service, ns, null, cancellationToken).ConfigureAwait(false))
        {
            topology._services.Add(service);
        }

        KubernetesKind entryKind = await session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.WorkloadEntry, cancellationToken).ConfigureAwait(false);
        await foreach (JsonObject entry in session.ControlPlane.ListAsync(entryKind, ns, null, cancellationToken)
            .ConfigureAwait(false))
        {
            topology.Add(
                topology._vms, entry, HopKind.Vm, entry.Text("spec", "address"), entry.Strings("spec", "labels"));
        }

        KubernetesKind serviceKind = await session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.ServiceEntry, cancellationToken).ConfigureAwait(false);
        await foreach (JsonObject entry in session.ControlPlane.ListAsync(serviceKind, ns, null, cancellationToken)
            .ConfigureAwait(false))
        {
            topology._serviceEntries.Add(entry);
        }

        return topology;
    }

    /// <summary>The same without some of its WorkloadEntries.</summary>
    public MeshTopology Without(IReadOnlySet<string> entryNames)
    {
        MeshTopology rest = new(_namespace);
        rest._pods.AddRange(_pods);
        rest._vms.AddRange(_vms.Where(entry => !entryNames.Contains(entry.Name)));
        rest._services.AddRange(_services);
        rest._serviceEntries.AddRange(_serviceEntries);
        foreach (MeshEndpoint endpoint in rest._pods.Concat(rest._vms))
        {
            rest._byAddress.TryAdd(Canonical(endpoint.Address), endpoint);
        }

        return rest;
    }

    /// <summary>
    /// What selects WorkloadEntries by these labels: the workloadSelectors of ServiceEntries and the selectors of
    /// Services.
    /// </summary>
    public IEnumerable<Dictionary<string, string>> SelectorsOf(IReadOnlyDictionary<string, string> labels) =>
        _serviceEntries.Select(item => item.Strings("spec", "workloadSelector", "labels"))
            .Concat(_services.Select(item => item.Strings("spec", "selector")))
            .Where(selector => WorkloadEntryCatalog.Selects(selector, labels));

    /// <summary>Who has an address, however it is spelled.</summary>
    public MeshEndpoint? Find(string? address) =>
        address is null ? null : _byAddress.GetValueOrDefault(Canonical(address));

    /// <summary>A hop with what the mesh knows of its address.</summary>
    public MeshHop Describe(MeshHop hop) => Find(hop.Address) is { } endpoint
        ? hop with { Kind = endpoint.Kind, Version = endpoint.Version, Name = hop.Name ?? endpoint.Name }
        : hop;

    /// <summary>The ClusterIP of a Service of this namespace; null when there is none, or it is headless.</summary>
    public string? ClusterIPOf(string serviceName, string ns) =>
        ns == _namespace && Service(serviceName).Text("spec", "clusterIP") is { } address
            && IPAddress.TryParse(address, out _)
            ? address
            : null;

    /// <summary>
    /// The endpoints of a host: what ServiceEntries with that host select or list, and what the selector of its Service
    /// finds. As in Istio a selector finds pods and WorkloadEntries alike. Each address is there once for each version,
    /// since one VM may run several on ports of their own.
    /// </summary>
    public IReadOnlyList<MeshEndpoint> EndpointsOf(RouteHost host)
    {
        List<MeshEndpoint> found = [];
        foreach (JsonObject entry in _serviceEntries.Where(item => HasHost(item, host)))
        {
            found.AddRange(Selected(entry.Strings("spec", "workloadSelector", "labels")));
            found.AddRange((entry.At("spec", "endpoints") as JsonArray ?? [])
                .Where(item => item.Text("address") is not null)
                .Select(item => Find(item.Text("address")) is { } known
                    ? known with { Labels = item.Strings("labels"), Weight = WeightOf(item) }
                    : new MeshEndpoint(item.Text("address")!, HopKind.Unknown, host.ShortName, item.Strings("labels"))
                    {
                        Weight = WeightOf(item),
                    }));
        }

        if (host.Namespace == _namespace)
        {
            found.AddRange(Selected(Service(host.ServiceName!).Strings("spec", "selector")));
        }

        return [.. found.DistinctBy(endpoint => (Canonical(endpoint.Address), endpoint.Version))];
    }

    /// <summary>The ports of a host: what a ServiceEntry declares hides what a Service of the same host does.</summary>
    public IReadOnlyList<HostPort> PortsOf(RouteHost host) =>
    [
        .. _serviceEntries.Where(item => HasHost(item, host)).SelectMany(HostPort.OfServiceEntry)
            .Concat(host.Namespace == _namespace && Service(host.ServiceName!) is { } service
                ? HostPort.OfService(service) : [])
            .DistinctBy(port => port.Number),
    ];

    /// <summary>One spelling per address.</summary>
    public static string Canonical(string address) =>
        IPAddress.TryParse(address, out IPAddress? parsed)
            ? (parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed).ToString()
            : address;

    // None, or 0, is 1.
    private static int WeightOf(JsonNode? spec) => Math.Max(1, spec.Number("weight") ?? 1);

    private JsonObject? Service(string name) => _services.Find(item => item.Text("metadata", "name") == name);

    private bool HasHost(JsonObject serviceEntry, RouteHost host) =>
        (serviceEntry.At("spec", "hosts") as JsonArray ?? []).Any(item =>
            item.Text() is { } name
            && RouteHost.Read(name, _namespace).FullName.Equals(host.FullName, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<MeshEndpoint> Selected(Dictionary<string, string> selector) =>
        selector.Count == 0
            ? []
            : _vms.Concat(_pods).Where(endpoint =>
                selector.All(pair => endpoint.Labels.GetValueOrDefault(pair.Key) == pair.Value));

    private void Add(
        List<MeshEndpoint> list, JsonObject item, HopKind kind, string? address, Dictionary<string, string> labels)
    {
        if (string.IsNullOrEmpty(address))
        {
            return;
        }

        MeshEndpoint endpoint = new(address, kind, item.Text("metadata", "name") ?? "", labels)
        {
            Weight = kind == HopKind.Vm ? WeightOf(item.At("spec")) : 1,
        };
        list.Add(endpoint);
        _byAddress.TryAdd(Canonical(address), endpoint);
    }
}
