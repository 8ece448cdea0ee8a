using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Services: defaults, ClusterIPs and node ports, validation.</summary>
internal sealed class ServiceStrategy(ObjectStore store, ApiServerOptions options)
{
    private const int FirstNodePort = 30000;
    private const int NodePorts = 2768;
    private static readonly string[] WithClusterIp = ["ClusterIP", "NodePort", "LoadBalancer"];
    private static readonly string[] WithNodePort = ["NodePort", "LoadBalancer"];
    private int _nextAddress;

    public static void Default(JsonObject item)
    {
        if (item["spec"] is not JsonObject spec)
        {
            spec = [];
            item["spec"] = spec;
        }

        spec["sessionAffinity"] ??= "None";
        spec["type"] ??= "ClusterIP";
        string type = spec["type"]!.ToString();
        foreach (JsonObject port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            port["protocol"] ??= "TCP";
            if (port["targetPort"] is null || port["targetPort"]!.ToString() is "0" or "")
            {
                port["targetPort"] = port["port"]?.DeepClone();
            }
        }

        if (WithNodePort.Contains(type))
        {
            spec["externalTrafficPolicy"] ??= "Cluster";
        }

        if (WithClusterIp.Contains(type))
        {
            spec["internalTrafficPolicy"] ??= "Cluster";
        }

        if (type == "LoadBalancer")
        {
            spec["allocateLoadBalancerNodePorts"] ??= true;
        }
    }

    public void PrepareCreate(JsonObject item, bool dryRun)
    {
        item["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        JsonObject spec = item["spec"]!.AsObject();
        Allocate(item, spec, dryRun);
    }

    /// <summary>What the server gave an old Service stays when a writer leaves it out.</summary>
    public void PrepareUpdate(JsonObject item, JsonObject live)
    {
        JsonObject spec = item["spec"]!.AsObject();
        JsonObject own = live["spec"]?.AsObject() ?? [];
        if (NeedsAddress(spec) && NeedsAddress(own))
        {
            foreach (string field in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
            {
                spec[field] ??= own[field]?.DeepClone();
            }
        }

        foreach (JsonObject port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            JsonNode? old = (own["ports"] as JsonArray)?.FirstOrDefault(other =>
                JsonNode.DeepEquals(other?["port"], port["port"])
                && JsonNode.DeepEquals(other?["protocol"], port["protocol"]));
            if (WithNodePort.Contains((string?)spec["type"]) && old?["nodePort"] is { } given)
            {
                port["nodePort"] ??= given.DeepClone();
            }
        }

        Allocate(item, spec, dryRun: false);
    }

    public IEnumerable<StatusCause> Validate(JsonObject item, JsonObject? live) =>
        [.. ServiceValidation.Check(item, live), .. Taken(item)];

    private void Allocate(JsonObject item, JsonObject spec, bool dryRun)
    {
        if (NeedsAddress(spec))
        {
            spec["ipFamilies"] ??= new JsonArray("IPv4");
            spec["ipFamilyPolicy"] ??= "SingleStack";
            spec["clusterIP"] ??= (spec["clusterIPs"] as JsonArray)?.FirstOrDefault()?.DeepClone()
                ?? NextAddress(dryRun);
            if (spec["clusterIP"] is { } address)
            {
                spec["clusterIPs"] ??= new JsonArray(address.DeepClone());
            }
        }

        if (WithNodePort.Contains((string?)spec["type"]) && (bool?)spec["allocateLoadBalancerNodePorts"] != false)
        {
            HashSet<int> taken = [.. Others(item)
                .SelectMany(other => other["spec"]?["ports"] as JsonArray ?? [])
                .Select(port => (int?)port?["nodePort"] ?? 0)];
            foreach (JsonObject port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
            {
                int free = Enumerable.Range(FirstNodePort, NodePorts).First(taken.Add);
                port["nodePort"] ??= free;
            }
        }
    }

    private static bool NeedsAddress(JsonObject spec) => WithClusterIp.Contains((string?)spec["type"]);

    /// <summary>The next address no Service has; addresses given back are not given out again at once.</summary>
    private JsonValue? NextAddress(bool dryRun)
    {
        if (options.ServiceAddress is null)
        {
            return null;
        }

        HashSet<string?> taken = [.. store.List("Service").Select(other => (string?)other["spec"]?["clusterIP"])];
        int next = _nextAddress;
        string address;
        do
        {
            address = options.ServiceAddress(next++).ToString();
        }
        while (taken.Contains(address));

        _nextAddress = dryRun ? _nextAddress : next;
        return JsonValue.Create(address);
    }

    private IEnumerable<StatusCause> Taken(JsonObject item)
    {
        string? address = (string?)item["spec"]?["clusterIP"];
        if (address is not (null or "" or "None")
            && Others(item).Any(other => (string?)other["spec"]?["clusterIP"] == address))
        {
            yield return FieldError.Invalid(
                "spec.clusterIPs", item["spec"]!["clusterIPs"],
                $"failed to allocate IP {address}: provided IP is already allocated");
        }
    }

    private IEnumerable<JsonObject> Others(JsonObject item) => store.List("Service").Where(other =>
        ObjectView.Name(other) != ObjectView.Name(item) || ObjectView.Namespace(other) != ObjectView.Namespace(item));
}
