using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Objects as the Table that kubectl prints.</summary>
internal sealed class TableView(ResourceType type, TimeProvider clock)
{
    public static bool IsWanted(HttpContext http)
    {
        // Content negotiation takes the first form the server knows.
        string first = http.Request.Headers.Accept.ToString().Split(',')[0];
        return first.Contains("as=Table", StringComparison.Ordinal)
            && first.Contains("v=v1", StringComparison.Ordinal)
            && !first.Contains("v=v1beta1", StringComparison.Ordinal);
    }

    public JsonObject Of(IReadOnlyList<JsonObject> items, string resourceVersion)
    {
        IReadOnlyList<TableColumn> columns = TableColumn.Of(type.Kind);
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = resourceVersion },
            ["columnDefinitions"] = new JsonArray([.. columns.Select(column => new JsonObject
            {
                ["name"] = column.Name,
                ["type"] = "string",
                ["format"] = column.Name == "Name" ? "name" : "",
                ["description"] = "",
                ["priority"] = 0,
            })]),
            ["rows"] = new JsonArray([.. items.Select(item => Row(columns, item))]),
        };
    }

    private JsonObject Row(IReadOnlyList<TableColumn> columns, JsonObject item) => new()
    {
        ["cells"] = new JsonArray([.. columns.Select(column => JsonValue.Create(column.Read(item, clock)))]),
        ["object"] = new JsonObject
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = item["metadata"]?.DeepClone(),
        },
    };
}

/// <summary>A column of kubectl's output.</summary>
internal sealed record TableColumn(string Name, Func<JsonObject, TimeProvider, string> Read)
{
    private static readonly TableColumn NameColumn = new("Name", (item, _) => ObjectView.Name(item));
    private static readonly TableColumn AgeColumn = new("Age", Age);

    public static IReadOnlyList<TableColumn> Of(string kind) => [NameColumn, .. Between(kind), AgeColumn];

    private static TableColumn[] Between(string kind) => kind switch
    {
        "Namespace" => [Text("Status", "status.phase")],
        "Pod" =>
        [
            new("Ready", (item, _) => $"{ReadyContainers(item)}/{Count(item["spec"]?["containers"])}"),
            new("Status", (item, _) => PodStatus(item)),
            new("Restarts", (item, _) => Restarts(item)),
        ],
        "Service" =>
        [
            Text("Type", "spec.type"), Text("Cluster-IP", "spec.clusterIP"),
            new("External-IP", (item, _) => ExternalAddress(item)), new("Port(s)", (item, _) => Ports(item)),
        ],
        "Deployment" =>
        [
            new("Ready", (item, _) => $"{Number(item, "readyReplicas")}/{item["spec"]?["replicas"] ?? 1}"),
            new("Up-to-date", (item, _) => Number(item, "updatedReplicas")),
            new("Available", (item, _) => Number(item, "availableReplicas")),
        ],
        "VirtualService" => [Text("Gateways", "spec.gateways"), Text("Hosts", "spec.hosts")],
        "DestinationRule" => [Text("Host", "spec.host")],
        "ServiceEntry" =>
            [Text("Hosts", "spec.hosts"), Text("Location", "spec.location"), Text("Resolution", "spec.resolution")],
        "WorkloadEntry" => [Text("Address", "spec.address")],
        "ConfigMap" or "Secret" => [new("Data", (item, _) => Count(item["data"]))],
        _ => [],
    };

    private static TableColumn Text(string name, string path) => new(name, (item, _) =>
    {
        JsonNode? value = item;
        foreach (string part in path.Split('.'))
        {
            value = (value as JsonObject)?[part];
        }

        return value switch
        {
            null => "",
            JsonValue text => text.ToString(),
            _ => value.ToJsonString(FieldPath.Json),
        };
    });

    private static string Age(JsonObject item, TimeProvider clock)
    {
        if (!DateTimeOffset.TryParse(
            (string?)item["metadata"]?["creationTimestamp"], CultureInfo.InvariantCulture, out DateTimeOffset created))
        {
            return "<unknown>";
        }

        TimeSpan age = clock.GetUtcNow() - created;
        return age switch
        {
            { TotalSeconds: < 120 } => $"{Math.Max(0, (int)age.TotalSeconds)}s",
            { TotalMinutes: < 180 } => $"{(int)age.TotalMinutes}m",
            { TotalHours: < 48 } => $"{(int)age.TotalHours}h",
            _ => $"{(int)age.TotalDays}d",
        };
    }

    private static string Count(JsonNode? node) => (node switch
    {
        JsonArray list => list.Count,
        JsonObject map => map.Count,
        _ => 0,
    }).ToString(CultureInfo.InvariantCulture);

    private static string Number(JsonObject item, string field) => item["status"]?[field]?.ToString() ?? "0";

    private static int ReadyContainers(JsonObject pod) => (pod["status"]?["containerStatuses"] as JsonArray)?
        .Count(status => (bool?)status?["ready"] == true) ?? 0;

    private static string PodStatus(JsonObject pod)
    {
        if (pod["metadata"]?["deletionTimestamp"] is not null)
        {
            return "Terminating";
        }

        string? waiting = (pod["status"]?["containerStatuses"] as JsonArray)?
            .Select(status => (string?)status?["state"]?["waiting"]?["reason"])
            .FirstOrDefault(reason => reason is not null);
        return waiting ?? (string?)pod["status"]?["phase"] ?? "";
    }

    private static string Restarts(JsonObject pod) => ((pod["status"]?["containerStatuses"] as JsonArray)?
        .Sum(status => (int?)status?["restartCount"] ?? 0) ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string ExternalAddress(JsonObject service)
    {
        IEnumerable<string?> addresses = (service["status"]?["loadBalancer"]?["ingress"] as JsonArray ?? [])
            .Select(ingress => (string?)ingress?["ip"] ?? (string?)ingress?["hostname"]);
        string all = string.Join(',', addresses);
        return all.Length > 0 ? all : (string?)service["spec"]?["type"] == "LoadBalancer" ? "<pending>" : "<none>";
    }

    private static string Ports(JsonObject service) => string.Join(
        ',', (service["spec"]?["ports"] as JsonArray ?? []).Select(port => port?["nodePort"] is { } node
            ? $"{port["port"]}:{node}/{port["protocol"]}" : $"{port?["port"]}/{port?["protocol"]}"));
}
