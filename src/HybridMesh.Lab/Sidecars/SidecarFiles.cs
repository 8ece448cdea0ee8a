namespace HybridMesh.Lab;

/// <summary>Where a sidecar reads what it is bootstrapped with.</summary>
internal sealed record SidecarFiles
{
    public required string Environment { get; init; }

    public required string Mesh { get; init; }

    public required string RootCert { get; init; }

    public required string Token { get; init; }

    /// <summary>Lines that count before the machine's own hosts file; null where there are none.</summary>
    public string? Hosts { get; init; }

    /// <summary>Who must be able to read them; null: root, as in a container.</summary>
    public string? User { get; init; }

    /// <summary>The places Istio's package reads.</summary>
    public static SidecarFiles OfPackage { get; } = new()
    {
        Environment = "/var/lib/istio/envoy/cluster.env",
        Mesh = "/etc/istio/config/mesh",
        RootCert = "/etc/certs/root-cert.pem",
        Token = "/var/run/secrets/tokens/istio-token",
        User = "istio-proxy",
    };

    /// <summary>The folder a container has mounted.</summary>
    public static SidecarFiles In(string folder) => new()
    {
        Environment = Path.Combine(folder, "cluster.env"),
        Mesh = Path.Combine(folder, "mesh.yaml"),
        RootCert = Path.Combine(folder, "root-cert.pem"),
        Token = Path.Combine(folder, "istio-token"),
        Hosts = Path.Combine(folder, "hosts"),
    };
}
