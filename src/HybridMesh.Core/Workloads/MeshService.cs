using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A Service of the data plane.</summary>
public sealed record MeshService
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The Service's name.</summary>
    public required string ServiceName { get; init; }

    /// <summary>
    /// The address inside the cluster; <c>None</c> for a headless Service, null for an external name.
    /// </summary>
    public string? ClusterIP { get; init; }

    /// <summary>The ports.</summary>
    public IReadOnlyList<MeshServicePort> Ports { get; init; } = [];

    /// <summary>Reads a Kubernetes Service.</summary>
    public static MeshService From(JsonObject service)
    {
        ArgumentNullException.ThrowIfNull(service);
        JsonNode? spec = service["spec"];
        return new()
        {
            Namespace = (string?)service["metadata"]?["namespace"] ?? "",
            ServiceName = (string?)service["metadata"]?["name"] ?? "",
            ClusterIP = (string?)spec?["clusterIP"] is { Length: > 0 } address ? address : null,
            Ports = [.. (spec?["ports"] as JsonArray ?? []).OfType<JsonObject>().Select(MeshServicePort.From)],
        };
    }
}

/// <summary>A port of a Service.</summary>
/// <param name="Name">The name, which tells Istio the protocol; null when it has none.</param>
/// <param name="Port">The number clients use.</param>
/// <param name="TargetPort">The number, or the name, of the port in the pods.</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
public sealed record MeshServicePort(string? Name, int Port, string TargetPort, string Protocol)
{
    internal static MeshServicePort From(JsonObject port)
    {
        int number = (int)port["port"]!;
        return new(
            (string?)port["name"], number,
            port["targetPort"]?.ToString() ?? number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            (string?)port["protocol"] ?? "TCP");
    }

    /// <summary><c>http 8004->8001</c>.</summary>
    public override string ToString()
    {
        string number = Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return (Name is null ? "" : Name + " ") + (TargetPort == number ? number : $"{number}->{TargetPort}")
            + (Protocol == "TCP" ? "" : "/" + Protocol);
    }
}
