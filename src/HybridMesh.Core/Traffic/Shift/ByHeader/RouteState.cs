using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What a shift moves: a route's weights, and those for requests with certain headers.</summary>
/// <param name="Weights">The weights of the route itself.</param>
/// <param name="ByHeader">The requests that go elsewhere by their headers; null when none do.</param>
internal sealed record RouteState(IReadOnlyList<RouteWeight> Weights, HeaderRoute? ByHeader)
{
    /// <summary>The state of a VirtualService's route, by name or place.</summary>
    public static RouteState Read(JsonObject virtualService, string route)
    {
        RouteWeights now = RouteWeights.Choose(virtualService, route);
        return new(now.Destinations, HeaderRoutes.Find(virtualService, now));
    }

    /// <summary>Whether both send every request to the same places; a destination not named has weight 0.</summary>
    public bool IsSame(RouteState other) =>
        Same(Weights, other.Weights)
        && (ByHeader, other.ByHeader) switch
        {
            (null, null) => true,
            ({ } mine, { } theirs) => mine.HasSameHeaders(theirs.Headers) && Same(mine.Weights, theirs.Weights),
            _ => false,
        };

    /// <summary>Makes a VirtualService's route so.</summary>
    /// <param name="virtualService">The VirtualService to change.</param>
    /// <param name="route">The route.</param>
    /// <param name="remove">Which destinations are removed when they are not named; null for none.</param>
    public void WriteTo(JsonObject virtualService, RouteWeights route, Func<RouteWeight, bool>? remove)
    {
        (route with { Destinations = Weights }).WriteTo(virtualService, remove);
        HeaderRoutes.Write(virtualService, route, ByHeader);
    }

    /// <summary>The weights that requests with headers meet here.</summary>
    public IReadOnlyList<RouteWeight> For(IReadOnlyDictionary<string, string>? headers) =>
        headers is not null && ByHeader?.HasSameHeaders(headers) == true ? ByHeader.Weights : Weights;

    /// <summary>The weights, such as <c>v1 100, v2 0 (with x-release=green: v1 0, v2 100)</c>.</summary>
    public override string ToString() =>
        string.Join(", ", Weights) + (ByHeader is null ? "" : $" ({ByHeader})");

    private static bool Same(IReadOnlyList<RouteWeight> left, IReadOnlyList<RouteWeight> right) =>
        left.All(item => (right.FirstOrDefault(item.IsSame)?.Weight ?? 0) == item.Weight)
        && right.All(item => item.Weight == 0 || left.Any(item.IsSame));
}
