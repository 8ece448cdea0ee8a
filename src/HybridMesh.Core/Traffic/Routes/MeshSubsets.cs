using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A subset of a host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">The labels its endpoints carry.</param>
/// <param name="Rule">The DestinationRule that defines it.</param>
internal sealed record MeshSubset(string Name, IReadOnlyDictionary<string, string> Labels, string Rule)
{
    /// <summary>The version its answers are counted as.</summary>
    public string Version => Labels.GetValueOrDefault(MeshEndpoint.VersionLabel, Name);

    /// <summary>Whether an endpoint is of this subset.</summary>
    public bool Selects(MeshEndpoint endpoint) =>
        Labels.All(pair => endpoint.Labels.GetValueOrDefault(pair.Key) == pair.Value);
}

/// <summary>What stands behind hosts: their endpoints, and the subsets that DestinationRules make of them.</summary>
internal sealed class MeshSubsets
{
    private readonly string _namespace;
    private readonly List<MeshTopology> _topologies = [];
    private readonly List<JsonObject> _rules = [];

    private MeshSubsets(string ns) => _namespace = ns;

    /// <summary>Reads a namespace and those of some hosts.</summary>
    public static async Task<MeshSubsets> ReadAsync(
        MeshSession session, string ns, IEnumerable<RouteHost> hosts, CancellationToken cancellationToken)
    {
        MeshSubsets found = new(ns);
        KubernetesKind kind = await session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.DestinationRule, cancellationToken)
            .ConfigureAwait(false);
        foreach (string item in hosts.Select(host => host.Namespace ?? ns).Append(ns).Distinct(StringComparer.Ordinal))
        {
            found._topologies.Add(
                await MeshTopology.ReadAsync(session, item, cancellationToken).ConfigureAwait(false));
            await foreach (JsonObject rule in session.ControlPlane.ListAsync(kind, item, null, cancellationToken)
                .ConfigureAwait(false))
            {
                found._rules.Add(rule);
            }
        }

        return found;
    }

    /// <summary>The endpoints of a host, each address once for each version.</summary>
    public IReadOnlyList<MeshEndpoint> EndpointsOf(RouteHost host) =>
    [
        .. _topologies.SelectMany(topology => topology.EndpointsOf(host))
            .DistinctBy(endpoint => (MeshTopology.Canonical(endpoint.Address), endpoint.Version)),
    ];

    /// <summary>The ports of a host, each once.</summary>
    public IReadOnlyList<HostPort> PortsOf(RouteHost host) =>
        [.. _topologies.SelectMany(topology => topology.PortsOf(host)).DistinctBy(port => port.Number)];

    /// <summary>The pod or WorkloadEntry that has an address; null for none.</summary>
    public MeshEndpoint? Find(string address) =>
        _topologies.Select(topology => topology.Find(address)).FirstOrDefault(found => found is not null);

    /// <summary>The names of the DestinationRules of a host.</summary>
    public IReadOnlyList<string> RulesOf(RouteHost host) =>
        [.. Rules(host).Select(rule => rule.Text("metadata", "name") ?? "")];

    /// <summary>The subsets of a host, in the order of its DestinationRules.</summary>
    public IReadOnlyList<MeshSubset> SubsetsOf(RouteHost host) =>
    [
        .. Rules(host).SelectMany(rule => (rule.At("spec", "subsets") as JsonArray ?? []).OfType<JsonObject>()
            .Where(item => item.Text("name") is not null)
            .Select(item => new MeshSubset(
                item.Text("name")!, item.Strings("labels"), rule.Text("metadata", "name") ?? ""))),
    ];

    private IEnumerable<JsonObject> Rules(RouteHost host) =>
        _rules.Where(rule => rule.Text("spec", "host") is { } name && RouteHost
            .Read(name, rule.Text("metadata", "namespace") ?? _namespace)
            .FullName.Equals(host.FullName, StringComparison.OrdinalIgnoreCase));
}
