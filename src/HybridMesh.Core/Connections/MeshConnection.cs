namespace HybridMesh.Core;

/// <summary>A connection to a mesh: what was found when it was made or last read.</summary>
public sealed record MeshConnection
{
    /// <summary>Tells this connection from others of the runspace.</summary>
    public required Guid Id { get; init; }

    /// <summary>The namespace commands work in when they name none.</summary>
    public required string Namespace { get; init; }

    /// <summary>The API server of pods and Services.</summary>
    public required MeshPlaneStatus DataPlane { get; init; }

    /// <summary>The API server of Istio's resources; the data plane's own with plain Istio.</summary>
    public required MeshPlaneStatus ControlPlane { get; init; }

    /// <summary>Whether one cluster serves both planes.</summary>
    public bool SingleCluster { get; init; }

    /// <summary>The kinds of networking.istio.io found, such as <c>WorkloadEntry v1</c>.</summary>
    public IReadOnlyList<string> IstioKinds { get; init; } = [];

    /// <summary>The IP address or host name of the ingress gateway's load balancer; null when it has none.</summary>
    public string? IngressAddress { get; init; }

    /// <summary>The ports of the ingress gateway's Service.</summary>
    public IReadOnlyList<int> IngressPorts { get; init; } = [];

    /// <summary>Why there is no <see cref="IngressAddress"/>; null when there is one.</summary>
    public string? IngressDetail { get; init; }

    /// <summary>The ASM instance's id, <c>c</c> and 32 hex digits; null with plain Istio.</summary>
    public string? MeshId { get; init; }

    /// <summary>The Alibaba Cloud region.</summary>
    public string? Region { get; init; }

    /// <summary>The ASM API's endpoint.</summary>
    public Uri? AsmEndpoint { get; init; }

    /// <summary>How VM commands treat host keys they do not know.</summary>
    public HostKeyPolicy HostKeyPolicy { get; init; }
}

/// <summary>One plane of a connection.</summary>
public sealed record MeshPlaneStatus
{
    /// <summary>The server's URL.</summary>
    public required Uri Server { get; init; }

    /// <summary>The kubeconfig context.</summary>
    public required string Context { get; init; }

    /// <summary>Whether it answered.</summary>
    public required bool Reachable { get; init; }

    /// <summary>The server's version; null when it did not answer.</summary>
    public string? Version { get; init; }

    /// <summary>Why it did not answer; null when it did.</summary>
    public string? Detail { get; init; }

    /// <summary>The server and whether it answers.</summary>
    public override string ToString() => Reachable ? $"{Server} ({Version})" : $"{Server} (unreachable)";
}
