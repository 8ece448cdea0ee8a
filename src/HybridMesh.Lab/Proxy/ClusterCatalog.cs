using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The clusters that destinations name, each made once: a host's port, whole or a subset by labels.</summary>
internal sealed class ClusterCatalog
{
    private readonly ServiceRegistry _registry;
    private readonly (string Host, JsonObject Rule)[] _rules;
    private readonly Dictionary<(string Host, int Port, string Subset), Cluster?> _clusters = [];

    public ClusterCatalog(ServiceRegistry registry, IReadOnlyList<JsonObject> destinationRules)
    {
        _registry = registry;
        _rules = [.. destinationRules.Select(rule =>
            (MeshHost.Resolve(rule.Text("spec", "host") ?? "", rule.Namespace()), rule))];
    }

    /// <summary>The cluster of a route's destination; null when host, port or subset does not exist.</summary>
    public Cluster? Resolve(JsonNode destination, string ns, int listenerPort)
    {
        MeshService? service = _registry.Find(MeshHost.Resolve(destination.Text("host") ?? "", ns));
        if (service is null)
        {
            return null;
        }

        int port = destination.Number("port", "number")
            ?? (service.Ports.Count == 1 ? service.Ports.Keys.First() : listenerPort);
        return Find(service, port, destination.Text("subset") ?? "");
    }

    /// <summary>The cluster of a port of a service; null when there is none.</summary>
    public Cluster? Find(MeshService service, int port, string subset = "")
    {
        (string, int, string) key = (service.Host, port, subset);
        if (!_clusters.TryGetValue(key, out Cluster? cluster))
        {
            _clusters[key] = cluster = Make(service, port, subset);
        }

        return cluster;
    }

    private Cluster? Make(MeshService service, int number, string subset)
    {
        if (!service.Ports.TryGetValue(number, out MeshServicePort? port))
        {
            return null;
        }

        if (subset.Length == 0)
        {
            return new Cluster(port.Protocol, port.Endpoints);
        }

        JsonNode? declared = SubsetsOf(service.Host).FirstOrDefault(item => item.Text("name") == subset);
        if (declared is null)
        {
            return null;
        }

        IReadOnlyDictionary<string, string> labels = declared.Map("labels");
        return new Cluster(port.Protocol, port.Endpoints.Where(endpoint => labels.Selects(endpoint.Labels)));
    }

    // Rules of the very host are merged; wildcards count only without one, the most precise alone.
    private IEnumerable<JsonNode> SubsetsOf(string host)
    {
        IGrouping<string, JsonObject>? best = _rules.Where(pair => MeshHost.Covers(pair.Host, host))
            .GroupBy(pair => pair.Host, pair => pair.Rule)
            .MaxBy(group => MeshHost.Precision(group.Key));
        return best is null ? [] : best.SelectMany(rule => rule.Items("spec", "subsets"));
    }
}
