namespace HybridMesh.Core;

/// <summary>Whether a VM's sidecar runs.</summary>
public enum SidecarState
{
    /// <summary>Neither the service nor the container is there.</summary>
    Absent,
    /// <summary>It is there and does not run.</summary>
    Stopped,
    /// <summary>It runs and does not say it is ready.</summary>
    NotReady,
    /// <summary>It runs and says it is ready.</summary>
    Ready,
}

/// <summary>How a sidecar runs on a VM.</summary>
public enum SidecarMethod
{
    /// <summary>As the service of Istio's package.</summary>
    Package,
    /// <summary>As a container of the proxy image.</summary>
    Container,
}

/// <summary>A VM's sidecar as it was found, or as a command left it.</summary>
public sealed record VmSidecar
{
    /// <summary>The VM, so that a piped sidecar reaches it again the same way.</summary>
    public required MeshVm Vm { get; init; }

    /// <summary>The VM's name.</summary>
    public string VmName => Vm.Name;

    /// <summary>The VM's address in the mesh.</summary>
    public string Address => Vm.Address;

    /// <summary>The host SSH connects to.</summary>
    public string SshHost => Vm.SshHost;

    /// <summary>The workload's namespace, as cluster.env has it.</summary>
    public string? Namespace { get; init; }

    /// <summary>The service account, as cluster.env has it.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>The workload's name, as cluster.env has it.</summary>
    public string? WorkloadName { get; init; }

    /// <summary>Whether it runs.</summary>
    public required SidecarState State { get; init; }

    /// <summary>How it runs; null when it is not there.</summary>
    public SidecarMethod? Method { get; init; }

    /// <summary>The version of the proxy's package or image.</summary>
    public string? SidecarVersion { get; init; }

    /// <summary>When the token ends; null when there is none or it can't be read.</summary>
    public DateTimeOffset? TokenExpires { get; init; }

    /// <summary>Whom the token is for.</summary>
    public string? TokenAudience { get; init; }

    /// <summary>When the first of the VM's certificates ends.</summary>
    public DateTimeOffset? CertificateExpires { get; init; }

    /// <summary>The WorkloadEntry that claims the VM's address; several are comma separated.</summary>
    public string? WorkloadEntry { get; init; }

    /// <summary>The version the WorkloadEntry says.</summary>
    public string? EntryVersion { get; init; }

    /// <summary>The version cluster.env says.</summary>
    public string? EnvVersion { get; init; }

    /// <summary>The version the app answers; null when it was not asked.</summary>
    public string? AppVersion { get; init; }

    /// <summary>The version, when all that are known agree.</summary>
    public string? Version => Agrees == true ? EntryVersion ?? EnvVersion ?? AppVersion : null;

    /// <summary>
    /// Whether WorkloadEntry, cluster.env and app say the same; null when there are not two to compare.
    /// </summary>
    public bool? Agrees { get; init; }

    /// <summary>What is wrong, each with its remedy.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What was done; null when it was only read.</summary>
    public ChangeAction? Action { get; init; }
}
