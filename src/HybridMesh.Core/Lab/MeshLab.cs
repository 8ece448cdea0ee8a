namespace HybridMesh.Core;

/// <summary>A running practice mesh on this machine.</summary>
public sealed record MeshLab
{
    /// <summary>The lab's folder.</summary>
    public required string Path { get; init; }

    /// <summary>How many VMs it has.</summary>
    public required int VmCount { get; init; }

    /// <summary>The data plane's kubeconfig file.</summary>
    public required string Kubeconfig { get; init; }

    /// <summary>The control plane's kubeconfig file.</summary>
    public required string MeshKubeconfig { get; init; }

    /// <summary>The URL of the lab's stand-in for the ASM API; plain http on loopback.</summary>
    public required string AsmEndpoint { get; init; }

    /// <summary>The id the mesh has at that endpoint.</summary>
    public required string MeshId { get; init; }

    /// <summary>The region the mesh is in, as that endpoint says.</summary>
    public required string Region { get; init; }

    /// <summary>The lab's throw-away access key for that endpoint; not shown in tables and text.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>The secret of <see cref="AccessKeyId"/>; not shown in tables and text.</summary>
    public required string AccessKeySecret { get; init; }

    /// <summary>The address of the ingress gateway's load balancer.</summary>
    public required string IngressAddress { get; init; }

    /// <summary>The list of VMs, a CSV for Import-MeshVm.</summary>
    public required string VmPath { get; init; }

    /// <summary>A ready-to-paste ssh command per VM.</summary>
    public required IReadOnlyList<string> SshCommand { get; init; }

    /// <summary>Ready-to-paste kubectl commands: data plane, control plane.</summary>
    public required IReadOnlyList<string> KubectlCommand { get; init; }

    /// <summary>The lab's process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Whether it outlives the session that started it.</summary>
    public required bool Detached { get; init; }

    /// <summary>The process it ends with; null when it ends with none.</summary>
    public int? ParentId { get; init; }

    /// <summary>The folder and the number of VMs; never the credentials.</summary>
    public override string ToString() => $"lab in '{Path}' with {VmCount} VMs";
}
