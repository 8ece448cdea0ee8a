using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>The weights of one http route of a VirtualService.</summary>
public sealed record RouteWeights
{
    private static readonly string[] OtherKinds = ["tcp", "tls"];

    /// <summary>The VirtualService's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The VirtualService's name.</summary>
    public required string VirtualService { get; init; }

    /// <summary>The route's name; null when it has none.</summary>
    public required string? Name { get; init; }

    /// <summary>The route's place among the http routes, from 0 on.</summary>
    public required int Index { get; init; }

    /// <summary>The destinations in the route's order.</summary>
    public required IReadOnlyList<RouteWeight> Destinations { get; init; }

    /// <summary>What -Route takes: the name, or the place of a route without one.</summary>
    public string Route => Name ?? Index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The route, for messages: <c>route 'x' of VirtualService ns/name</c>.</summary>
    public string Label =>
        $"route {(Name is null ? $"http[{Route}]" : $"'{Name}'")} of VirtualService {Namespace}/{VirtualService}";

    /// <summary>The sum of the weights.</summary>
    public long Total => Destinations.Sum(item => (long)item.Weight);

    /// <summary>The http routes of a VirtualService in their order.</summary>
    public static IReadOnlyList<RouteWeights> ReadAll(JsonObject virtualService)
    {
        ArgumentNullException.ThrowIfNull(virtualService);
        return
        [
            .. SplitRoute.ReadAll(virtualService).Select((route, index) => new RouteWeights
            {
                Namespace = virtualService.Text("metadata", "namespace") ?? "",
                VirtualService = route.VirtualService,
                Name = route.Name,
                Index = index,
                Destinations =
                [
                    .. route.Destinations.Select(item => new RouteWeight(item.Host.FullName, item.Subset, item.Weight)),
                ],
            }),
        ];
    }

    /// <summary>The route of a name or place; the only one for null.</summary>
    /// <exception cref="MeshException">ObjectNotFound or Ambiguous, listing the routes.</exception>
    public static RouteWeights Choose(JsonObject virtualService, string? route)
    {
        IReadOnlyList<RouteWeights> routes = ReadAll(virtualService);
        if (route is null && routes.Where(item => !HeaderRoutes.IsManaged(item.Name)).ToArray() is [{ } only])
        {
            return only;
        }

        string name = virtualService.Text("metadata", "name") ?? "";
        string owner = $"VirtualService {virtualService.Text("metadata", "namespace")}/{name}";
        string list = string.Join(", ", routes.Select(item => $"'{item.Route}'"));
        if (routes.Count == 0)
        {
            throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"{owner} has no http route"
                    + (Others(virtualService) is { } others ? $" (only {others})" : "")
                    + "; only http routes are shifted.",
                route ?? name);
        }

        if (route is null)
        {
            throw new MeshException(
                MeshErrorCode.Ambiguous, $"{owner} has several http routes: {list}. Name one by -Route.", name);
        }

        return routes.FirstOrDefault(item => item.Name == route)
            ?? (int.TryParse(route, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < routes.Count ? routes[index] : null)
            ?? throw new MeshException(
                MeshErrorCode.ObjectNotFound, $"{owner} has no http route '{route}'; it has {list}.", route);
    }

    /// <summary>The routes that are not http, such as <c>1 tcp and 2 tls</c>; null when there is none.</summary>
    public static string? Others(JsonObject virtualService)
    {
        string[] kinds =
        [
            .. OtherKinds
                .Select(kind => (Kind: kind, Count: (virtualService.At("spec", kind) as JsonArray)?.Count ?? 0))
                .Where(item => item.Count > 0)
                .Select(item => $"{item.Count.ToString(CultureInfo.InvariantCulture)} {item.Kind}"),
        ];
        return kinds.Length == 0 ? null : string.Join(" and ", kinds);
    }

    /// <summary>Whether a test passes the route's name or its place.</summary>
    public bool IsCalled(Func<string, bool> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return (Name is not null && test(Name)) || test(Index.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The same route with other weights for its destinations.</summary>
    public RouteWeights With(Func<RouteWeight, int> weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return this with { Destinations = [.. Destinations.Select(item => item with { Weight = weight(item) })] };
    }

    /// <summary>Whether every destination is there with the same weight, in the same order.</summary>
    public bool HasSameWeights(RouteWeights other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Destinations.Count == other.Destinations.Count && Destinations.Zip(other.Destinations)
            .All(pair => pair.First.IsSame(pair.Second) && pair.First.Weight == pair.Second.Weight);
    }

    /// <summary>The weights, such as <c>v1 30, v2 60, v3 10</c>.</summary>
    public override string ToString() => string.Join(", ", Destinations);

    /// <summary>
    /// Writes the weights into a VirtualService and touches nothing else: destinations it has in their place, new ones
    /// after them, with the host and port of the last one of that host. Those not named get weight 0, or are removed.
    /// </summary>
    internal void WriteTo(JsonObject virtualService, Func<RouteWeight, bool>? remove = null)
    {
        RouteWeights now = Choose(virtualService, Route);
        JsonArray items = (JsonArray)virtualService.At("spec", "http")![now.Index]!["route"]!;
        foreach (RouteWeight wanted in Destinations.Where(item => !now.Destinations.Any(item.IsSame)))
        {
            items.Add(New(items, now, wanted));
        }

        for (int i = 0; i < now.Destinations.Count; i++)
        {
            JsonObject item = (JsonObject)items[i]!;
            int weight = Destinations.FirstOrDefault(now.Destinations[i].IsSame)?.Weight ?? 0;

            // A destination alone takes everything and need not say so; a missing weight among several is zero.
            if (items.Count > 1 && (item.Number("weight") ?? 0) != weight)
            {
                item["weight"] = weight;
            }
        }

        for (int i = now.Destinations.Count - 1; remove is not null && i >= 0; i--)
        {
            if (!Destinations.Any(now.Destinations[i].IsSame) && remove(now.Destinations[i]))
            {
                items.RemoveAt(i);
            }
        }
    }

    private static JsonObject New(JsonArray items, RouteWeights now, RouteWeight wanted)
    {
        int model = now.Destinations.Select((item, i) => (item, i))
            .Last(pair => pair.item.Host.Equals(wanted.Host, StringComparison.OrdinalIgnoreCase)).i;
        JsonObject destination = (JsonObject)items[model]!["destination"]!.DeepClone();
        destination["subset"] = wanted.Subset;
        return new JsonObject { ["destination"] = destination, ["weight"] = wanted.Weight };
    }
}
