using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>One destination of a route.</summary>
/// <param name="Host">The host.</param>
/// <param name="Subset">The subset; null for all of the host's endpoints.</param>
/// <param name="Weight">Its weight, a proportion.</param>
internal sealed record RouteDestination(RouteHost Host, string? Subset, int Weight)
{
    /// <summary>The port; null when it does not say.</summary>
    public int? Port { get; init; }
}

/// <summary>An http route of a VirtualService, as far as it concerns how traffic is split.</summary>
internal sealed record SplitRoute
{
    /// <summary>The VirtualService's name.</summary>
    public required string VirtualService { get; init; }

    /// <summary>The route's name; null when it has none.</summary>
    public required string? Name { get; init; }

    /// <summary>The route as written.</summary>
    public required JsonObject Source { get; init; }

    /// <summary>Where it sends requests to.</summary>
    public required IReadOnlyList<RouteDestination> Destinations { get; init; }

    /// <summary>The name, or the place in the list, for messages.</summary>
    public required string Label { get; init; }

    /// <summary>The http routes of a VirtualService in their order.</summary>
    public static IReadOnlyList<SplitRoute> ReadAll(JsonObject virtualService)
    {
        string name = virtualService.Text("metadata", "name") ?? "";
        string ns = virtualService.Text("metadata", "namespace") ?? "";
        IEnumerable<JsonObject> routes = (virtualService.At("spec", "http") as JsonArray ?? []).OfType<JsonObject>();
        return
        [
            .. routes.Select((route, i) => new SplitRoute
            {
                VirtualService = name,
                Name = route.Text("name"),
                Source = route,
                Destinations = Read(route, ns),
                Label = route.Text("name") ?? $"#{i + 1} (unnamed)",
            }),
        ];
    }

    /// <summary>
    /// The route to measure: the one named, or at that place from 0 on; else the only one, or the first that takes a
    /// request to <paramref name="uri"/>.
    /// </summary>
    /// <exception cref="MeshException">ObjectNotFound or Ambiguous, listing the routes.</exception>
    public static SplitRoute Choose(
        JsonObject virtualService, string? name, Uri? uri, IReadOnlyDictionary<string, string> headers)
    {
        IReadOnlyList<SplitRoute> routes = ReadAll(virtualService);
        string owner = "VirtualService "
            + $"{virtualService.Text("metadata", "namespace")}/{virtualService.Text("metadata", "name")}";
        string list = string.Join(", ", routes.Select(route => $"'{route.Label}'"));
        if (name is not null)
        {
            return routes.FirstOrDefault(route => route.Name == name)
                ?? (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int place)
                    ? routes.ElementAtOrDefault(place) : null)
                ?? throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                routes.Count == 0
                    ? $"{owner} has no http route, so there is no '{name}'."
                    : $"{owner} has no http route '{name}'; it has {list}.",
                name);
        }

        return routes.Count switch
        {
            0 => throw new MeshException(
                MeshErrorCode.ObjectNotFound, $"{owner} has no http route: there is no split of HTTP requests to "
                    + "measure.", owner),
            1 => routes[0],
            _ when uri is null => throw new MeshException(
                MeshErrorCode.Ambiguous,
                $"{owner} has several http routes: {list}. Name one by -Route, or give -Uri.",
                owner),
            _ => routes.FirstOrDefault(route => RouteMatch.Takes(route.Source, uri, headers))
                ?? throw new MeshException(
                MeshErrorCode.Ambiguous,
                $"No http route of {owner} takes the path '{uri.AbsolutePath}'; it has {list}. Name one by -Route.",
                owner),
        };
    }

    private static List<RouteDestination> Read(JsonObject route, string ns)
    {
        JsonObject[] items = [.. (route["route"] as JsonArray ?? []).OfType<JsonObject>()];
        return
        [
            .. items.Where(item => item.Text("destination", "host") is not null).Select(item => new RouteDestination(
                RouteHost.Read(item.Text("destination", "host")!, ns),
                item.Text("destination", "subset"),
                // A destination alone takes everything, whatever its weight says.
                items.Length == 1 ? 100 : item.Number("weight") ?? 0)
            {
                Port = item.Number("destination", "port", "number"),
            }),
        ];
    }
}
