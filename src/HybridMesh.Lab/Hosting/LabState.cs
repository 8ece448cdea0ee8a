using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridMesh.Lab;

/// <summary>What a running lab says of itself: <c>lab.json</c> in its folder, mode 0600.</summary>
public sealed record LabState
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public required int ProcessId { get; init; }

    public required string Path { get; init; }

    public required int VmCount { get; init; }

    public required int Block { get; init; }

    public bool Detached { get; init; }

    /// <summary>The process it ends with; null when it ends with none.</summary>
    public int? ParentId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The admin endpoint's URL, plain http on loopback; calls carry AdminToken as bearer.</summary>
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

    /// <summary>The list of VMs, a CSV that Import-MeshVm reads.</summary>
    public required string VmPath { get; init; }

    /// <summary>root's password on every VM, for log-ins without a key.</summary>
    public required string VmPassword { get; init; }

    /// <summary>A ready-to-paste ssh command per VM.</summary>
    public required IReadOnlyList<string> SshCommands { get; init; }

    /// <summary>Ready-to-paste kubectl commands, data plane and control plane.</summary>
    public required IReadOnlyList<string> KubectlCommands { get; init; }
}
