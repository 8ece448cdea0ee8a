namespace HybridMesh.Lab;

/// <summary>What the mesh takes a port's traffic for.</summary>
internal enum AppProtocol
{
    /// <summary>Opaque bytes: no routing by request.</summary>
    Tcp,

    /// <summary>HTTP, if the first byte of a connection looks like it; else opaque bytes.</summary>
    Detect,

    /// <summary>HTTP/1.1 towards the backend.</summary>
    Http,

    /// <summary>HTTP/2 without TLS towards the backend.</summary>
    Http2,
}

/// <summary>Istio's rules of protocol selection.</summary>
internal static class AppProtocols
{
    /// <summary>Of a ServiceEntry's or Gateway's port: its protocol, else its name's prefix, else TCP.</summary>
    public static AppProtocol Declared(string? protocol, string? name) =>
        Known(string.IsNullOrEmpty(protocol) ? Prefix(name) : protocol) ?? AppProtocol.Tcp;

    /// <summary>Of a Service's port: appProtocol, else its name's prefix, else found out per connection.</summary>
    public static AppProtocol OfServicePort(string? appProtocol, string? name) =>
        Known(string.IsNullOrEmpty(appProtocol)
            ? Prefix(name) : appProtocol.Replace("kubernetes.io/", "", StringComparison.Ordinal))
        ?? AppProtocol.Detect;

    // "grpc-web" is the one protocol with a hyphen of its own; it travels over HTTP/1.1.
    private static string? Prefix(string? name) =>
        name?.StartsWith("grpc-web", StringComparison.OrdinalIgnoreCase) == true ? "grpc-web" : name?.Split('-')[0];

    private static AppProtocol? Known(string? protocol) => protocol?.ToUpperInvariant() switch
    {
        "HTTP" or "HTTP_PROXY" or "GRPC-WEB" => AppProtocol.Http,
        "HTTP2" or "GRPC" or "H2C" => AppProtocol.Http2,
        "TCP" or "TLS" or "HTTPS" or "MONGO" or "MYSQL" or "REDIS" => AppProtocol.Tcp,
        _ => null,
    };
}
