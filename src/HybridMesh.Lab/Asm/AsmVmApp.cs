using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The validated arguments of AddVmAppToMesh, and the objects they ask for.</summary>
internal sealed record AsmVmApp
{
    // As the removed "istioctl x add-to-mesh external-service" took them: the operation follows its rules.
    private static readonly string[] Protocols =
    [
        "tcp", "udp", "grpc", "grpc-web", "http", "http_proxy", "http2", "https", "tls", "mongo", "redis", "mysql",
    ];

    public required string Namespace { get; init; }

    public required string ServiceName { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    public required IReadOnlyList<(string Name, int Number)> Ports { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public string? ServiceAccount { get; init; }

    public static string EntryName(string service) => $"mesh-expansion-{service}";

    public static AsmVmApp Read(AsmRequest request) => new()
    {
        Namespace = request.Required("Namespace"),
        ServiceName = request.Required("ServiceName"),
        Addresses = [.. List(request.Required("Ips")).Select(ip => IPAddress.TryParse(ip, out _)
            ? ip : throw AsmException.Invalid("Ips", $"{ip} is not an IP address."))],
        Ports = [.. List(request.Required("Ports")).Select(Port)],
        Labels = Map(request.Required("Labels"), "Labels"),
        Annotations = Map(request.Parameter("Annotations") ?? "", "Annotations"),
        ServiceAccount = request.Parameter("ServiceAccount"),
    };

    public JsonObject ServiceEntry() => Resource("ServiceEntry", EntryName(ServiceName), new JsonObject
    {
        ["hosts"] = new JsonArray(MeshHost.Of(ServiceName, Namespace)),
        ["location"] = "MESH_INTERNAL",
        ["ports"] = Array(Ports.Select(port => new JsonObject
        {
            ["name"] = ObjectName(port),
            ["number"] = port.Number,
            ["protocol"] = port.Name.ToUpperInvariant(),
        })),
        ["resolution"] = "STATIC",
        ["workloadSelector"] = new JsonObject { ["labels"] = Labelled(Labels) },
    });

    public JsonObject WorkloadEntry(int index)
    {
        JsonObject spec = new() { ["address"] = Addresses[index], ["labels"] = Labelled(Labels) };
        if (ServiceAccount is not null)
        {
            spec["serviceAccount"] = ServiceAccount;
        }

        return Resource("WorkloadEntry", WorkloadEntryName(index), spec);
    }

    public string WorkloadEntryName(int index) =>
        $"{EntryName(ServiceName)}-{(index + 1).ToString(CultureInfo.InvariantCulture)}";

    public JsonObject Service(IPAddress? clusterIp)
    {
        JsonObject service = Object("v1", "Service", ServiceName, new JsonObject
        {
            ["ports"] = Array(Ports.Select(port => new JsonObject
            {
                ["name"] = ObjectName(port),
                ["port"] = port.Number,
                ["protocol"] = "TCP",
                ["targetPort"] = port.Number,
            })),
            ["sessionAffinity"] = "None",
            ["type"] = "ClusterIP",
        });
        if (clusterIp is not null)
        {
            service["spec"]!["clusterIP"] = clusterIp.ToString();
            service["spec"]!["clusterIPs"] = new JsonArray(clusterIp.ToString());
        }

        Dictionary<string, string> annotations = new(Annotations);
        if (ServiceAccount is not null)
        {
            annotations["kubernetes.io/service-account.name"] = ServiceAccount;
        }

        service["metadata"]!["labels"] = Labelled(Labels);
        if (annotations.Count > 0)
        {
            service["metadata"]!["annotations"] = Labelled(annotations);
        }

        service["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        return service;
    }

    private JsonObject Resource(string kind, string name, JsonObject spec)
    {
        JsonObject item = Object("networking.istio.io/v1", kind, name, spec);
        item["metadata"]!["generation"] = 1;
        return item;
    }

    private JsonObject Object(string apiVersion, string kind, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace },
        ["spec"] = spec,
    };

    private static string ObjectName((string Name, int Number) port) =>
        string.Create(CultureInfo.InvariantCulture, $"{port.Name}-{port.Number}");

    private static (string Name, int Number) Port(string text)
    {
        string[] parts = text.Split(':', 2);
        if (!int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number is < 1 or > 65535)
        {
            throw AsmException.Invalid("Ports", $"{text} has no port number from 1 to 65535.");
        }

        string name = parts.Length == 2 ? parts[0].ToLowerInvariant() : number switch
        {
            80 or 8080 => "http",
            443 => "https",
            3306 => "mysql",
            _ => parts[0],
        };
        return Protocols.Contains(name)
            ? (name, number) : throw AsmException.Invalid("Ports", $"{name} is not a supported protocol.");
    }

    private static Dictionary<string, string> Map(string text, string parameter) =>
        List(text).Select(pair => pair.Split('=', 2)).Select(pair => pair is [{ Length: > 0 }, _]
            ? pair : throw AsmException.Invalid(parameter, $"{pair[0]} is not of the form key=value."))
            .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);

    private static string[] List(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static JsonObject Labelled(IReadOnlyDictionary<string, string> map) =>
        new(map.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));

    private static JsonArray Array(IEnumerable<JsonObject> items) => [.. items];
}
