namespace HybridMesh.Testing;

/// <summary>What a running lab says of itself in lab.json.</summary>
public sealed record LabFacts
{
    public required int ProcessId { get; init; }

    public required string Path { get; init; }

    public required int VmCount { get; init; }

    public required int Block { get; init; }

    public required string AdminEndpoint { get; init; }

    public required string AdminToken { get; init; }

    /// <summary>The data plane's kubeconfig file.</summary>
    public required string Kubeconfig { get; init; }

    /// <summary>The control plane's kubeconfig file.</summary>
    public required string MeshKubeconfig { get; init; }

    public required string AsmEndpoint { get; init; }

    public required string MeshId { get; init; }

    public required string Region { get; init; }

    public required string AccessKeyId { get; init; }

    public required string AccessKeySecret { get; init; }

    public required string IngressAddress { get; init; }

    /// <summary>The east-west gateway's, by which VMs reach istiod.</summary>
    public required string EastWestAddress { get; init; }

    /// <summary>The list of VMs, a CSV.</summary>
    public required string VmPath { get; init; }

    /// <summary>root's password on every VM.</summary>
    public required string VmPassword { get; init; }

    public required IReadOnlyList<string> SshCommands { get; init; }

    public required IReadOnlyList<string> KubectlCommands { get; init; }
}
