using Microsoft.AspNetCore.Http;

namespace HybridMesh.Lab;

/// <summary>What one listener does with what it takes; immutable.</summary>
internal sealed class PortTable
{
    private readonly Dictionary<string, IReadOnlyList<HttpRoute>> _exact;
    private readonly (string Suffix, IReadOnlyList<HttpRoute> Routes)[] _wildcards;
    private readonly IReadOnlyList<HttpRoute>? _any;

    /// <summary>Makes a table of virtual hosts by domain: a name, <c>*.suffix</c> or <c>*</c>.</summary>
    public PortTable(AppProtocol protocol, IReadOnlyDictionary<string, IReadOnlyList<HttpRoute>> domains)
    {
        Protocol = protocol;
        _exact = domains.Where(pair => !pair.Key.StartsWith('*'))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        _wildcards = [.. domains.Where(pair => pair.Key.StartsWith('*') && pair.Key != "*")
            .OrderByDescending(pair => pair.Key.Length).Select(pair => (pair.Key[1..], pair.Value))];
        _any = domains.GetValueOrDefault("*");
    }

    public AppProtocol Protocol { get; }

    /// <summary>Where connections that are not HTTP go; null refuses them.</summary>
    public WeightedChoice<RouteTarget>? Tcp { get; init; }

    /// <summary>The routes of the most precise domain that the request's Host is in; null without one.</summary>
    public IReadOnlyList<HttpRoute>? RoutesOf(HostString host)
    {
        if (_exact.Count == 0 && _wildcards.Length == 0)
        {
            return _any;
        }

        string name = host.Host;
        if (_exact.TryGetValue(name, out IReadOnlyList<HttpRoute>? routes))
        {
            return routes;
        }

        foreach ((string suffix, IReadOnlyList<HttpRoute> found) in _wildcards)
        {
            if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return found;
            }
        }

        return _any;
    }
}
