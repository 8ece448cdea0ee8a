namespace HybridMesh.Core;

/// <summary>Which bootstrap files are wanted, and where what they hold comes from.</summary>
public sealed record SidecarConfigRequest
{
    /// <summary>The namespace asked for; null for the template's own, else the connection's.</summary>
    public string? Namespace { get; init; }

    /// <summary>A WorkloadGroup's manifest.</summary>
    public string? Path { get; init; }

    /// <summary>The name of a live WorkloadGroup.</summary>
    public string? WorkloadGroupName { get; init; }

    /// <summary>A WorkloadGroup.</summary>
    public WorkloadGroup? WorkloadGroup { get; init; }

    /// <summary>
    /// The name of a live app on VMs, whose labels, ports and service account stand for a WorkloadGroup's.
    /// </summary>
    public string? ServiceName { get; init; }

    /// <summary>An app on VMs.</summary>
    public MeshVmApp? App { get; init; }

    /// <summary>The VMs; empty for those of the app, and without an app for files for no VM in particular.</summary>
    public IReadOnlyList<MeshVm> Vms { get; init; } = [];

    /// <summary>Where the contents come from.</summary>
    public MeshProvider Provider { get; init; } = MeshProvider.Istio;

    /// <summary>The cluster's id; null to read it from the injector's configuration.</summary>
    public string? ClusterId { get; init; }

    /// <summary>How long a token is to last. The default is an hour.</summary>
    public TimeSpan TokenDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The Service that istiod is reached at, as <c>name</c> or <c>name.namespace</c>.</summary>
    public string IngressService { get; init; } = "istio-eastwestgateway";

    /// <summary>The address istiod is reached at; null to find it, empty for a hosts file without a record.</summary>
    public string? IngressIP { get; init; }

    /// <summary>Whether istiod makes the WorkloadEntry when the sidecar connects.</summary>
    public bool AutoRegister { get; init; }

    /// <summary>Whether the agent answers the VM's DNS queries. With false the mesh's configuration decides.</summary>
    public bool CaptureDns { get; init; } = true;

    /// <summary>The VM's own address; the default is that of the VM.</summary>
    public string? InternalIP { get; init; }

    /// <summary>The VM's address outside of its network.</summary>
    public string? ExternalIP { get; init; }

    /// <summary>istiod's revision; null or <c>default</c> for the default one.</summary>
    public string? Revision { get; init; }

    /// <summary>A file with the mesh's configuration, instead of the ConfigMap istio.</summary>
    public string? MeshConfigPath { get; init; }

    /// <summary>A file with the root certificate, instead of the ConfigMap istio-ca-root-cert.</summary>
    public string? RootCertPath { get; init; }

    /// <summary>A file with a token, instead of a new one.</summary>
    public string? TokenPath { get; init; }

    /// <summary>The folder to write to; null to write nothing.</summary>
    public string? OutputPath { get; init; }

    /// <summary>How many tokens are asked for at a time, and how long one VM may take.</summary>
    public FanOutOptions FanOut { get; init; } = new(32, TimeSpan.FromSeconds(60));
}
