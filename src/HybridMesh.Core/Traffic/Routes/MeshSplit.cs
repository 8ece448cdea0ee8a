namespace HybridMesh.Core;

/// <summary>One destination of the measured route with its versions resolved.</summary>
/// <param name="Destination">The destination as the route names it.</param>
/// <param name="Version">The version it stands for; null when its endpoints are of several.</param>
/// <param name="Endpoints">The endpoints it sends to, each with the version an answer of it is counted as.</param>
/// <param name="Others">
/// The host's other endpoints: were one to answer, the mesh would not do as the route says.
/// </param>
internal sealed record SplitArm(
    RouteDestination Destination, string? Version, IReadOnlyDictionary<string, string> Endpoints,
    IReadOnlyDictionary<string, string> Others)
{
    /// <summary>All of the host's endpoints, chosen or not.</summary>
    public IReadOnlyList<MeshEndpoint> Behind { get; init; } = [];

    /// <summary>The host's ports.</summary>
    public IReadOnlyList<HostPort> Ports { get; init; } = [];
}

/// <summary>
/// Resolves a route's destinations: subset to labels by the DestinationRule, host to endpoints by the ServiceEntry or
/// Service, endpoint to version by its label.
/// </summary>
internal static class MeshSplit
{
    /// <summary>What an endpoint without a version is counted as.</summary>
    public const string Unversioned = "(no version)";

    /// <summary>Resolves every destination of a route.</summary>
    public static async Task<(IReadOnlyList<SplitArm> Arms, MeshSubsets Mesh)> ResolveAsync(
        MeshSession session, string ns, SplitRoute route, CancellationToken cancellationToken)
    {
        MeshSubsets subsets = await MeshSubsets
            .ReadAsync(session, ns, route.Destinations.Select(item => item.Host), cancellationToken)
            .ConfigureAwait(false);
        if (route.Destinations.Count == 0)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"Route '{route.Label}' of VirtualService {ns}/{route.VirtualService} sends to no destination (a "
                    + "redirect, direct response or delegate), so it splits nothing.",
                route.VirtualService);
        }

        bool severalHosts = route.Destinations.DistinctBy(item => item.Host.FullName).Count() > 1;
        return ([.. route.Destinations.Select(item => Resolve(subsets, item, ns, route, severalHosts))], subsets);
    }

    private static SplitArm Resolve(
        MeshSubsets subsets, RouteDestination destination, string ns, SplitRoute route, bool severalHosts)
    {
        MeshSubset? subset = destination.Subset is null ? null : Find(subsets, destination, ns, route);
        ILookup<bool, MeshEndpoint> endpoints = subsets.EndpointsOf(destination.Host)
            .ToLookup(endpoint => subset?.Selects(endpoint) ?? true);
        string? version = subset is not null
            ? subset.Version
            : severalHosts ? destination.Host.ShortName : OnlyVersion(endpoints[true]);
        bool named = subset is not null || severalHosts;
        return new(
            destination,
            version,
            ByAddress(endpoints[true], endpoint => named ? version! : endpoint.Version ?? Unversioned),
            ByAddress(endpoints[false], endpoint => endpoint.Version ?? Unversioned))
        {
            Behind = subsets.EndpointsOf(destination.Host),
            Ports = subsets.PortsOf(destination.Host),
        };
    }

    private static Dictionary<string, string> ByAddress(
        IEnumerable<MeshEndpoint> endpoints, Func<MeshEndpoint, string> version) =>
        endpoints.DistinctBy(endpoint => MeshTopology.Canonical(endpoint.Address))
            .ToDictionary(endpoint => MeshTopology.Canonical(endpoint.Address), version);

    private static string? OnlyVersion(IEnumerable<MeshEndpoint> endpoints)
    {
        string[] versions = [.. endpoints.Select(item => item.Version ?? Unversioned).Distinct(StringComparer.Ordinal)];
        return versions.Length == 1 ? versions[0] : null;
    }

    private static MeshSubset Find(MeshSubsets subsets, RouteDestination destination, string ns, SplitRoute route) =>
        subsets.SubsetsOf(destination.Host).FirstOrDefault(item => item.Name == destination.Subset)
            ?? throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"Route '{route.Label}' of VirtualService {ns}/{route.VirtualService} sends to subset "
                    + $"'{destination.Subset}' of {destination.Host.FullName}, "
                + (subsets.RulesOf(destination.Host) is [{ } rule, ..]
                    ? $"which DestinationRule {rule} does not define."
                    : "but no DestinationRule is for that host."),
                destination.Subset);
}
