using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>One destination of the measured route with its versions resolved.</summary>
/// <param name="Destination">The destination as the route names it.</param>
/// <param name="Version">The version it stands for; null when its endpoints are of several.</param>
/// <param name="Endpoints">The endpoints it sends to, each with the version an answer of it is counted as.</param>
/// <param name="Others">The host's other endpoints: were one to answer, the mesh would not do as the route says.</param>
internal sealed record SplitArm(
    RouteDestination Destination, string? Version, IReadOnlyDictionary<string, string> Endpoints,
    IReadOnlyDictionary<string, string> Others);

/// <summary>
/// Resolves a route's destinations: subset to labels by the DestinationRule, host to endpoints by the ServiceEntry or
/// Service, endpoint to version by its label.
/// </summary>
internal sealed class MeshSplit
{
    /// <summary>What an endpoint without a version is counted as.</summary>
    public const string Unversioned = "(no version)";

    private readonly MeshSession _session;
    private readonly string _namespace;
    private readonly Dictionary<string, MeshTopology> _topologies = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _rules = [];

    private MeshSplit(MeshSession session, string ns)
    {
        _session = session;
        _namespace = ns;
    }

    /// <summary>Resolves every destination of a route.</summary>
    public static async Task<IReadOnlyList<SplitArm>> ResolveAsync(
        MeshSession session, string ns, SplitRoute route, CancellationToken cancellationToken)
    {
        MeshSplit split = new(session, ns);
        await split.ReadAsync(route, cancellationToken).ConfigureAwait(false);
        if (route.Destinations.Count == 0)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"Route '{route.Label}' of VirtualService {ns}/{route.VirtualService} sends to no destination (a "
                    + "redirect, direct response or delegate), so it splits nothing.",
                route.VirtualService);
        }

        bool severalHosts = route.Destinations.DistinctBy(item => item.Host.FullName).Count() > 1;
        return [.. route.Destinations.Select(destination => split.Resolve(destination, route, severalHosts))];
    }

    private async Task ReadAsync(SplitRoute route, CancellationToken cancellationToken)
    {
        string[] namespaces =
        [
            .. route.Destinations.Select(item => item.Host.Namespace ?? _namespace).Append(_namespace)
                .Distinct(StringComparer.Ordinal),
        ];
        KubernetesKind kind = await _session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.DestinationRule, cancellationToken).ConfigureAwait(false);
        foreach (string ns in namespaces)
        {
            _topologies[ns] = await MeshTopology.ReadAsync(_session, ns, cancellationToken).ConfigureAwait(false);
            await foreach (JsonObject rule in _session.ControlPlane.ListAsync(kind, ns, null, cancellationToken)
                .ConfigureAwait(false))
            {
                _rules.Add(rule);
            }
        }
    }

    private SplitArm Resolve(RouteDestination destination, SplitRoute route, bool severalHosts)
    {
        Dictionary<string, string> selector = destination.Subset is null ? [] : SubsetLabels(destination, route);
        ILookup<bool, MeshEndpoint> endpoints = _topologies.Values
            .SelectMany(topology => topology.EndpointsOf(destination.Host))
            .DistinctBy(endpoint => MeshTopology.Canonical(endpoint.Address))
            .ToLookup(endpoint =>
                selector.All(pair => endpoint.Labels.GetValueOrDefault(pair.Key) == pair.Value));
        string? version = destination.Subset is null
            ? severalHosts ? destination.Host.ShortName : OnlyVersion(endpoints[true])
            : selector.GetValueOrDefault(MeshEndpoint.VersionLabel, destination.Subset);
        bool named = destination.Subset is not null || severalHosts;
        return new(
            destination,
            version,
            endpoints[true].ToDictionary(
                endpoint => MeshTopology.Canonical(endpoint.Address),
                endpoint => named ? version! : endpoint.Version ?? Unversioned),
            endpoints[false].ToDictionary(
                endpoint => MeshTopology.Canonical(endpoint.Address), endpoint => endpoint.Version ?? Unversioned));
    }

    private static string? OnlyVersion(IEnumerable<MeshEndpoint> endpoints)
    {
        string[] versions = [.. endpoints.Select(item => item.Version ?? Unversioned).Distinct(StringComparer.Ordinal)];
        return versions.Length == 1 ? versions[0] : null;
    }

    private Dictionary<string, string> SubsetLabels(RouteDestination destination, SplitRoute route)
    {
        JsonObject[] rules =
        [
            .. _rules.Where(rule => rule.Text("spec", "host") is { } host && RouteHost
                .Read(host, rule.Text("metadata", "namespace") ?? _namespace)
                .FullName.Equals(destination.Host.FullName, StringComparison.OrdinalIgnoreCase)),
        ];
        JsonObject? subset = rules.SelectMany(rule => rule.At("spec", "subsets") as JsonArray ?? []).OfType<JsonObject>()
            .FirstOrDefault(item => item.Text("name") == destination.Subset);
        return subset?.Strings("labels") ?? throw new MeshException(
            MeshErrorCode.ObjectNotFound,
            $"Route '{route.Label}' of VirtualService {_namespace}/{route.VirtualService} sends to subset "
                + $"'{destination.Subset}' of {destination.Host.FullName}, "
            + (rules.Length == 0
                ? "but no DestinationRule is for that host."
                : $"which DestinationRule {rules[0].Text("metadata", "name")} does not define."),
            destination.Subset);
    }
}
