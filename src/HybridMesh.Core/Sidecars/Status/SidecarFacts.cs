namespace HybridMesh.Core;

/// <summary>Whether the rules that lead a VM's traffic through its proxy are there.</summary>
public enum SidecarCapture
{
    /// <summary>The VM has no iptables that could be asked.</summary>
    Unknown,
    /// <summary>There are none.</summary>
    None,
    /// <summary>They are there.</summary>
    Present,
}

/// <summary>A token's file on a VM.</summary>
public enum SidecarTokenState
{
    /// <summary>There is none.</summary>
    Missing,
    /// <summary>What is there is no token.</summary>
    Malformed,
    /// <summary>It is there.</summary>
    Present,
}

/// <summary>What a VM says of its sidecar; the mesh was not asked.</summary>
public sealed record SidecarFacts
{
    /// <summary>The VM.</summary>
    public required MeshVm Vm { get; init; }

    /// <summary>Whether it runs.</summary>
    public required SidecarState State { get; init; }

    /// <summary>How it runs; null when it is not there.</summary>
    public SidecarMethod? Method { get; init; }

    /// <summary>The version of the package, agent or image; null when none tells.</summary>
    public string? Version { get; init; }

    /// <summary>The container's image; null when it runs as a service.</summary>
    public string? Image { get; init; }

    /// <summary>What the service manager or container runtime calls its state; null when neither knows it.</summary>
    public string? ServiceState { get; init; }

    /// <summary>What the health check said when it did not say ready; null when it was not asked.</summary>
    public string? NotReadyDetail { get; init; }

    /// <summary>cluster.env; null when there is none.</summary>
    public SidecarEnv? Env { get; init; }

    /// <summary>The token's file.</summary>
    public SidecarTokenState TokenState { get; init; }

    /// <summary>What the token says of itself; null when there is none or it can't be read.</summary>
    public TokenFacts? Token { get; init; }

    /// <summary>Whether a copy of the token is kept for the next boot.</summary>
    public bool KeepsToken { get; init; }

    /// <summary>The root certificates on the VM, as PEM; null when there is no file.</summary>
    public string? RootCertificates { get; init; }

    /// <summary>The root certificate that ends first; null when there is none that can be read.</summary>
    public CertificateFacts? RootCertificate { get; init; }

    /// <summary>The workload's certificates, where the agent writes them to a file; else null.</summary>
    public CertificateFacts? WorkloadCertificate { get; init; }

    /// <summary>When the first of its certificates ends.</summary>
    public DateTimeOffset? CertificateExpires =>
        new[] { RootCertificate?.Expires, WorkloadCertificate?.Expires }.Min();

    /// <summary>The rules that capture traffic.</summary>
    public SidecarCapture Capture { get; init; }

    /// <summary>When the VM was started; null when it does not tell.</summary>
    public DateTimeOffset? BootedAt { get; init; }

    /// <summary>When cluster.env was written; null when there is none.</summary>
    public DateTimeOffset? InstalledAt { get; init; }

    /// <summary>The bytes of /etc/hosts.</summary>
    internal byte[] Hosts { get; init; } = [];

    /// <summary>The version the app's answer tells; null when it was not asked or does not tell.</summary>
    public string? AppVersion { get; init; }

    /// <summary>Why the app's version is not known though it was asked; null when it is.</summary>
    public string? AppDetail { get; init; }

    /// <summary>The VM's own half of a <see cref="VmSidecar"/>.</summary>
    public VmSidecar ToSidecar() => new()
    {
        Vm = Vm,
        State = State,
        Method = Method,
        SidecarVersion = Version,
        Namespace = Env?.Namespace,
        ServiceAccount = Env?.ServiceAccount,
        WorkloadName = Env?.WorkloadName,
        EnvVersion = Env?.Version,
        AppVersion = AppVersion,
        TokenExpires = Token?.Expires,
        TokenAudience = Token?.Audience,
        CertificateExpires = CertificateExpires,
    };
}
