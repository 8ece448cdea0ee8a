using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Reads how the http routes of a namespace split their traffic.</summary>
public static class TrafficShiftReader
{
    /// <summary>The http routes of a namespace's VirtualServices.</summary>
    /// <param name="session">The mesh.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="virtualService">Which VirtualServices, by name; null for all.</param>
    /// <param name="route">Which routes, by name or place; null for all.</param>
    /// <param name="verbose">Takes decisions and endpoints.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async IAsyncEnumerable<TrafficShift> ListAsync(
        MeshSession session, string ns, Func<string, bool>? virtualService, Func<RouteWeights, bool>? route,
        Action<string> verbose, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(verbose);
        KubernetesKind kind = await session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.VirtualService, cancellationToken).ConfigureAwait(false);
        List<(JsonObject Item, RouteWeights Route)> found = [];
        await foreach (JsonObject item in session.ControlPlane.ListAsync(kind, ns, null, cancellationToken)
            .ConfigureAwait(false))
        {
            string name = item.Text("metadata", "name") ?? "";
            if (virtualService?.Invoke(name) == false)
            {
                continue;
            }

            if (RouteWeights.Others(item) is { } others)
            {
                verbose($"VirtualService {ns}/{name}: left out {others} routes; only http routes are shifted.");
            }

            found.AddRange(RouteWeights.ReadAll(item).Where(it => route?.Invoke(it) != false).Select(it => (item, it)));
        }

        if (found.Count == 0)
        {
            yield break;
        }

        MeshSubsets subsets = await MeshSubsets.ReadAsync(
            session, ns, found.SelectMany(item => Hosts(item.Route)), cancellationToken).ConfigureAwait(false);
        foreach ((JsonObject item, RouteWeights it) in found)
        {
            yield return Read(item, it, subsets, verbose);
        }
    }

    /// <summary>The error that there is no such route.</summary>
    public static MeshException Missing(string ns, string virtualService, IReadOnlyCollection<string>? routes) => new(
        MeshErrorCode.ObjectNotFound,
        $"Namespace {ns} has no VirtualService '{virtualService}' with an http route"
            + $"{(routes is { Count: > 0 } ? $" {string.Join(" or ", routes.Select(route => $"'{route}'"))}" : "")}; "
            + "Get-TrafficShift alone lists what there is.",
        virtualService);

    /// <summary>A route with what stands behind its destinations.</summary>
    internal static TrafficShift Read(
        JsonObject virtualService, RouteWeights route, MeshSubsets subsets, Action<string> verbose) => new()
        {
            Namespace = route.Namespace,
            VirtualService = route.VirtualService,
            Route = route.Route,
            RouteIndex = route.Index,
            Hosts = [.. route.Destinations.Select(item => item.Host).Distinct(StringComparer.OrdinalIgnoreCase)],
            Match = RouteMatchText.Of((JsonObject)virtualService.At("spec", "http")![route.Index]!),
            Weights = Rows(route, subsets),
            Marker = TrafficShiftMarker.Find(virtualService, verbose) is { } marker && marker.Route == route.Route
                ? marker : null,
        };

    /// <summary>A row per destination of a route.</summary>
    internal static IReadOnlyList<TrafficWeight> Rows(RouteWeights route, MeshSubsets subsets) =>
        [.. route.Destinations.Select(item => Row(item, route.Total, subsets))];

    /// <summary>The hosts a route sends to.</summary>
    internal static IEnumerable<RouteHost> Hosts(RouteWeights route) =>
        route.Destinations.Select(item => new RouteHost(item.Host)).DistinctBy(host => host.FullName);

    private static TrafficWeight Row(RouteWeight item, long total, MeshSubsets subsets)
    {
        RouteHost host = new(item.Host);
        MeshSubset? subset = subsets.SubsetsOf(host).FirstOrDefault(one => one.Name == item.Subset);
        return new TrafficWeight
        {
            Version = subset?.Version ?? item.Name,
            Subset = item.Subset,
            Host = item.Host,
            Labels = subset?.Labels ?? new Dictionary<string, string>(),
            Weight = item.Weight,
            Percent = total == 0 ? 0 : 100.0 * item.Weight / total,
            Endpoints = item.Subset is not null && subset is null
                ? 0 : subsets.EndpointsOf(host).Count(endpoint => subset?.Selects(endpoint) ?? true),
        };
    }
}
