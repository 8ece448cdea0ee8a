using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What a namespace's VirtualServices send to which endpoints: tells whether VMs can be spared.</summary>
internal sealed class TrafficUse
{
    private readonly MeshTopology _topology;
    private readonly List<UsedRoute> _routes;
    private readonly List<(RouteHost Host, JsonObject Rule)> _rules;

    private TrafficUse(
        MeshTopology topology, List<UsedRoute> routes, List<(RouteHost Host, JsonObject Rule)> rules)
    {
        _topology = topology;
        _routes = routes;
        _rules = rules;
    }

    /// <summary>Reads what stands behind hosts in a namespace, and the routes to them from every namespace.</summary>
    public static async Task<TrafficUse> ReadAsync(
        MeshSession session, string ns, IChangeGate gate, CancellationToken cancellationToken)
    {
        MeshTopology topology = await MeshTopology.ReadAsync(session, ns, cancellationToken).ConfigureAwait(false);
        List<JsonObject> services = await ListAsync(
            session, KubernetesKind.VirtualService, ns, gate, cancellationToken).ConfigureAwait(false);
        List<JsonObject> rules = await ListAsync(
            session, KubernetesKind.DestinationRule, ns, gate, cancellationToken).ConfigureAwait(false);
        return new TrafficUse(
            topology,
            [.. services.SelectMany(UsedRoute.ReadAll)],
            [.. rules.Where(rule => rule.Text("spec", "host") is not null).Select(rule =>
                (RouteHost.Read(rule.Text("spec", "host")!, rule.Text("metadata", "namespace") ?? ns), rule))]);
    }

    /// <summary>What selects WorkloadEntries by these labels.</summary>
    public IEnumerable<Dictionary<string, string>> SelectorsOf(IReadOnlyDictionary<string, string> labels) =>
        _topology.SelectorsOf(labels);

    /// <summary>
    /// The destinations with a weight that would lose their last endpoint with these WorkloadEntries. One that has none
    /// already loses nothing.
    /// </summary>
    public IReadOnlyList<LostDestination> LostWithout(IReadOnlySet<string> entryNames)
    {
        MeshTopology rest = _topology.Without(entryNames);
        List<LostDestination> lost = [];
        foreach (UsedRoute route in _routes)
        {
            foreach (RouteWeight destination in route.Destinations.Where(item => item.Weight > 0))
            {
                if (SelectorOf(destination) is { } selector
                    && !Endpoints(rest, destination, selector).Any()
                    && Endpoints(_topology, destination, selector).ToList() is { Count: > 0 } last)
                {
                    lost.Add(new LostDestination(route, destination, [.. last.Select(endpoint => endpoint.Name)]));
                }
            }
        }

        return lost;
    }

    private static IEnumerable<MeshEndpoint> Endpoints(
        MeshTopology topology, RouteWeight destination, Dictionary<string, string> selector) =>
        topology.EndpointsOf(new RouteHost(destination.Host)).Where(endpoint =>
            selector.All(pair => endpoint.Labels.GetValueOrDefault(pair.Key) == pair.Value));

    // Null when no rule defines the subset: nothing answers there, whatever VMs there are.
    private Dictionary<string, string>? SelectorOf(RouteWeight destination) => destination.Subset is null ? [] : _rules
        .Where(item => item.Host.FullName.Equals(destination.Host, StringComparison.OrdinalIgnoreCase))
        .SelectMany(item => item.Rule.At("spec", "subsets") as JsonArray ?? [])
        .FirstOrDefault(item => item.Text("name") == destination.Subset)?.Strings("labels");

    // Routes of other namespaces may lead here; who may not list those still gets an answer for the namespace.
    private static async Task<List<JsonObject>> ListAsync(
        MeshSession session, KubernetesKind kind, string ns, IChangeGate gate, CancellationToken cancellationToken)
    {
        KubernetesKind served = await session.ServedKindAsync(MeshPlane.Control, kind, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return await ReadAllAsync(null).ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.Forbidden)
        {
            gate.Verbose($"Only the {kind.Kind}s of namespace {ns} are looked at; listing all is forbidden.");
            return await ReadAllAsync(ns).ConfigureAwait(false);
        }

        async Task<List<JsonObject>> ReadAllAsync(string? where)
        {
            List<JsonObject> items = [];
            await foreach (JsonObject item in session.ControlPlane.ListAsync(served, where, null, cancellationToken)
                .ConfigureAwait(false))
            {
                items.Add(item);
            }

            return items;
        }
    }
}

/// <summary>A destination that some WorkloadEntries are the last endpoints of.</summary>
/// <param name="Route">The route that sends to it.</param>
/// <param name="Destination">The destination and its weight.</param>
/// <param name="EntryNames">The WorkloadEntries.</param>
internal sealed record LostDestination(UsedRoute Route, RouteWeight Destination, IReadOnlyList<string> EntryNames);

/// <summary>A route of any protocol, as far as it says where requests go.</summary>
/// <param name="Label">The route, for messages: <c>route 'x' of VirtualService ns/name</c>.</param>
/// <param name="Destinations">Where it sends to.</param>
/// <param name="Http">The route's weights, when they can be shifted.</param>
internal sealed record UsedRoute(string Label, IReadOnlyList<RouteWeight> Destinations, RouteWeights? Http)
{
    /// <summary>The routes of a VirtualService.</summary>
    public static IEnumerable<UsedRoute> ReadAll(JsonObject virtualService) =>
    [
        .. RouteWeights.ReadAll(virtualService).Select(route => new UsedRoute(route.Label, route.Destinations, route)),
        .. ReadOthers(virtualService, "tcp"),
        .. ReadOthers(virtualService, "tls"),
    ];

    private static IEnumerable<UsedRoute> ReadOthers(JsonObject virtualService, string kind)
    {
        string ns = virtualService.Text("metadata", "namespace") ?? "";
        return (virtualService.At("spec", kind) as JsonArray ?? []).Select((route, index) =>
        {
            JsonArray items = route.At("route") as JsonArray ?? [];
            string place = string.Create(CultureInfo.InvariantCulture, $"{kind}[{index}]");
            return new UsedRoute(
                $"route {place} of VirtualService {ns}/{virtualService.Text("metadata", "name")}",
                [.. items.Where(item => item.Text("destination", "host") is not null).Select(item => new RouteWeight(
                    RouteHost.Read(item.Text("destination", "host")!, ns).FullName,
                    item.Text("destination", "subset"),
                    items.Count == 1 ? 100 : item.Number("weight") ?? 0))],
                Http: null);
        });
    }
}
