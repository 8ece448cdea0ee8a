namespace HybridMesh.Core;

/// <summary>One disagreement between mesh and VMs, with the command that mends it.</summary>
public sealed record MeshDrift
{
    /// <summary>What disagrees.</summary>
    public required DriftKind Kind { get; init; }

    /// <summary>How bad it is.</summary>
    public required DriftSeverity Severity { get; init; }

    /// <summary>
    /// The VM, so that a piped finding reaches it again the same way; null when it is about no VM we know.
    /// </summary>
    public MeshVm? Vm { get; init; }

    /// <summary>The VM's name.</summary>
    public string? VmName => Vm?.Name;

    /// <summary>The VM's address in the mesh, or that of the WorkloadEntry.</summary>
    public string? Address { get => field ?? Vm?.Address; init; }

    /// <summary>The host SSH connects to.</summary>
    public string? SshHost => Vm?.SshHost;

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The service; several are comma separated; null when it is about none.</summary>
    public string? ServiceName { get; init; }

    /// <summary>
    /// The object or file that is to be changed, such as a WorkloadEntry's name or <c>cluster.env</c>.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>What it should be; null when that is nothing, or nobody knows.</summary>
    public string? Expected { get; init; }

    /// <summary>What it is; null when there is nothing.</summary>
    public string? Actual { get; init; }

    /// <summary>What disagrees, in words.</summary>
    public required string Message { get; init; }

    /// <summary>The command that mends it, ready to paste; null when only an administrator of the VM can.</summary>
    public string? Command { get; init; }

    /// <summary>What stands between a finding and its remedy.</summary>
    internal const string Remedy = "; mend it by: ";

    /// <summary>The finding and its remedy in one sentence.</summary>
    internal string ToProblem() => Command is null ? Message : $"{Message.TrimEnd('.')}{Remedy}{Command}";
}
