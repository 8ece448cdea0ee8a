using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A port of a host, as a ServiceEntry or Service declares it.</summary>
/// <param name="Kind">ServiceEntry or Service.</param>
/// <param name="Owner">The object's name.</param>
/// <param name="Number">The port.</param>
/// <param name="Name">The port's name.</param>
/// <param name="Protocol">The protocol it declares; null for none.</param>
internal sealed record HostPort(string Kind, string Owner, int Number, string? Name, string? Protocol)
{
    /// <summary>The object's ports as written, for a line that mends them.</summary>
    public JsonArray Siblings { get; init; } = [];

    /// <summary>
    /// Whether the mesh reads HTTP on this port, without which http routes and their weights have no effect. A Service
    /// that says nothing leaves it to the mesh to find out; a ServiceEntry that says nothing means TCP.
    /// </summary>
    public bool IsHttp => (string.IsNullOrEmpty(Protocol) ? null : IsHttpName(Protocol))
        ?? IsHttpName(Prefix(Name)) ?? Kind == "Service";

    /// <summary>The ports of a ServiceEntry.</summary>
    public static IEnumerable<HostPort> OfServiceEntry(JsonObject entry) =>
        Read(entry, "ServiceEntry", "number", "protocol");

    /// <summary>The ports of a Service.</summary>
    public static IEnumerable<HostPort> OfService(JsonObject service) =>
        Read(service, "Service", "port", "appProtocol");

    private static IEnumerable<HostPort> Read(JsonObject item, string kind, string number, string protocol)
    {
        JsonArray ports = item.At("spec", "ports") as JsonArray ?? [];
        return ports.Where(port => port.Number(number) is not null).Select(port => new HostPort(
            kind, item.Text("metadata", "name") ?? "", port.Number(number)!.Value, port.Text("name"),
            port.Text(protocol))
        {
            Siblings = ports,
        });
    }

    private static string Prefix(string? name) => (name ?? "").Split('-')[0];

    private static bool? IsHttpName(string protocol) =>
        protocol.Replace("kubernetes.io/", "", StringComparison.Ordinal).ToUpperInvariant() switch
        {
            "HTTP" or "HTTP2" or "H2C" or "GRPC" or "GRPC-WEB" or "HTTP_PROXY" => true,
            "TCP" or "TLS" or "HTTPS" or "UDP" or "MONGO" or "MYSQL" or "REDIS" => false,
            _ => null,
        };
}
