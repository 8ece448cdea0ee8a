using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// The route that a shift puts before another one for requests with certain headers: a copy of that one with the
/// headers among its conditions. There is at most one for a route, known by its name, and it is made anew each time:
/// header routes that nobody takes away pile up.
/// </summary>
internal static class HeaderRoutes
{
    /// <summary>What the name of a route made here ends with.</summary>
    public const string Suffix = "-hybridmesh-header";

    /// <summary>Whether a route was made here.</summary>
    public static bool IsManaged(string? route) => route?.EndsWith(Suffix, StringComparison.Ordinal) == true;

    /// <summary>The name of the route made for another one.</summary>
    public static string NameFor(RouteWeights route) => route.Name + Suffix;

    /// <summary>The requests that go elsewhere by their headers; null when none do.</summary>
    public static HeaderRoute? Find(JsonObject virtualService, RouteWeights route)
    {
        if (route.Name is null || Routes(virtualService) is not { } routes
            || Item(routes, NameFor(route)) is not { } made || Item(routes, route.Name) is not { } model)
        {
            return null;
        }

        HashSet<string> before = [.. Matches(model).SelectMany(Headers).Select(pair => pair.Key)];
        Dictionary<string, string> headers = Matches(made).SelectMany(Headers)
            .Where(pair => !before.Contains(pair.Key)).DistinctBy(pair => pair.Key)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Text("exact") ?? "");
        return new(headers, RouteWeights.Choose(virtualService, NameFor(route)).Destinations);
    }

    /// <summary>Puts the route there, in place of the one there is; takes it away for null.</summary>
    public static void Write(JsonObject virtualService, RouteWeights route, HeaderRoute? wanted)
    {
        if (route.Name is null || Routes(virtualService) is not { } routes)
        {
            return;
        }

        if (Item(routes, NameFor(route)) is { } old)
        {
            routes.Remove(old);
        }

        if (wanted is null)
        {
            return;
        }

        JsonObject model = Item(routes, route.Name)!;
        JsonObject made = (JsonObject)model.DeepClone();
        made["name"] = NameFor(route);
        JsonArray matches = made["match"] as JsonArray ?? [];
        made["match"] = matches.Count == 0 ? matches = [new JsonObject()] : matches;
        foreach (JsonObject match in matches.OfType<JsonObject>())
        {
            JsonObject headers = match["headers"] as JsonObject ?? [];
            match["headers"] = headers;
            foreach ((string name, string value) in wanted.Headers)
            {
                headers[name] = new JsonObject { ["exact"] = value };
            }
        }

        routes.Insert(routes.IndexOf(model), made);
        (RouteWeights.Choose(virtualService, NameFor(route)) with { Destinations = wanted.Weights })
            .WriteTo(virtualService);
    }

    /// <summary>Refuses a route that can't be split by these headers.</summary>
    /// <exception cref="MeshException">ArgumentInvalid.</exception>
    public static void Refuse(
        JsonObject virtualService, RouteWeights route, IReadOnlyDictionary<string, string> headers)
    {
        if (route.Name is null)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"A step with Header puts a route before {route.Label}, and only a name tells that one afterwards; "
                    + $"give it one (spec.http[{route.Route}].name).",
                route.VirtualService);
        }

        JsonObject model = Item(Routes(virtualService)!, route.Name)!;
        string? taken = headers.Keys.FirstOrDefault(name => Matches(model).Any(match =>
            Headers(match).Concat(Headers(match, "withoutHeaders"))
                .Any(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase))));
        if (taken is not null)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"-Step tells requests apart by the header {taken}, on which {route.Label} has a condition of its own "
                    + $"({RouteMatchText.Of(model)}); take another header.",
                taken);
        }
    }

    private static JsonArray? Routes(JsonObject virtualService) => virtualService.At("spec", "http") as JsonArray;

    private static JsonObject? Item(JsonArray routes, string name) =>
        routes.OfType<JsonObject>().FirstOrDefault(item => item.Text("name") == name);

    private static IEnumerable<JsonObject> Matches(JsonObject route) =>
        (route["match"] as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Headers(JsonObject match) => Headers(match, "headers");

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Headers(JsonObject match, string field) =>
        match[field] as JsonObject ?? [];
}
