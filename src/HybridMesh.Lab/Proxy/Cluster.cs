using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>A backend's address; the weight is its share within its subset.</summary>
internal sealed record MeshEndpoint(string Address, int Port, int Weight, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The URL requests are sent to, made once.</summary>
    public string Url { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"http://{(Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]" : Address)}:{Port}");
}

/// <summary>The endpoints of one port of one subset of a service.</summary>
internal sealed class Cluster
{
    public Cluster(AppProtocol protocol, IEnumerable<MeshEndpoint> endpoints)
    {
        Protocol = protocol;
        (MeshEndpoint, int)[] weighted = [.. endpoints.Select(endpoint => (endpoint, endpoint.Weight))];
        Endpoints = weighted.Length == 0 ? null : new WeightedChoice<MeshEndpoint>(weighted);
    }

    public AppProtocol Protocol { get; }

    /// <summary>Null when there is none: "no healthy upstream".</summary>
    public WeightedChoice<MeshEndpoint>? Endpoints { get; }
}

/// <summary>A destination of a route; without a cluster its host, port or subset does not exist.</summary>
internal sealed record RouteTarget(Cluster? Cluster);
