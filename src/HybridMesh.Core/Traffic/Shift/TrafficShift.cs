using System.Globalization;

namespace HybridMesh.Core;

/// <summary>How one http route of a VirtualService splits its traffic.</summary>
public sealed record TrafficShift
{
    /// <summary>The VirtualService's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The VirtualService's name.</summary>
    public required string VirtualService { get; init; }

    /// <summary>What -Route takes: the route's name, or its place when it has none.</summary>
    public required string Route { get; init; }

    /// <summary>The route's place among the http routes, from 0 on.</summary>
    public required int RouteIndex { get; init; }

    /// <summary>The hosts it sends to, each once.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Which requests it takes, such as <c>/hello*</c>; <c>(all)</c> without a condition.</summary>
    public required string Match { get; init; }

    /// <summary>A row per destination, in the route's order; empty when it sends to none, as a redirect.</summary>
    public required IReadOnlyList<TrafficWeight> Weights { get; init; }

    /// <summary>The rows before the command changed them; null when it did not.</summary>
    public IReadOnlyList<TrafficWeight>? PreviousWeights { get; init; }

    /// <summary>What the command did: Updated or Unchanged; null when it only looked.</summary>
    public ChangeAction? Action { get; init; }

    /// <summary>The progressive shift that is marked as under way on this route; null when none is.</summary>
    public TrafficShiftMarker? Marker { get; init; }

    /// <summary>The route and its weights.</summary>
    public override string ToString() => $"{VirtualService}/{Route}: {string.Join(", ", Weights)}";
}

/// <summary>One destination of a route.</summary>
public sealed record TrafficWeight
{
    /// <summary>
    /// The version it stands for: the version label of its subset, else the subset's name; the host's first label
    /// without a subset.
    /// </summary>
    public required string Version { get; init; }

    /// <summary>The subset; null for all of the host's endpoints.</summary>
    public required string? Subset { get; init; }

    /// <summary>The full name of the host.</summary>
    public required string Host { get; init; }

    /// <summary>The labels of the subset's endpoints; empty without a subset, or when nothing defines it.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The weight as written, a proportion.</summary>
    public required int Weight { get; init; }

    /// <summary>The weight as a share of all of the route's, in percent.</summary>
    public required double Percent { get; init; }

    /// <summary>How many endpoints it has: WorkloadEntries and pods.</summary>
    public required int Endpoints { get; init; }

    /// <summary>The version and its share, such as <c>v1 30 %</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version} {Percent:0.##} %");
}
