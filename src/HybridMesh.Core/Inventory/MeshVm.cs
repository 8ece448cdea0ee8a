using System.Collections.ObjectModel;

namespace HybridMesh.Core;

/// <summary>A virtual machine of the mesh: how the mesh sees it (Address) and how we reach it (SshHost).</summary>
public record MeshVm
{
    /// <summary>The VM's name; its address where none was given.</summary>
    public required string Name { get; init; }

    /// <summary>The IP address the mesh sends traffic to.</summary>
    public required string Address { get; init; }

    /// <summary>The host name or IP address SSH connects to. The default is <see cref="Address"/>.</summary>
    public string SshHost { get => field ?? Address; init; }

    /// <summary>The SSH port. The default is 22.</summary>
    public int SshPort { get; init; } = 22;

    /// <summary>The SSH user, or null for the one running PowerShell.</summary>
    public string? User { get; init; }

    /// <summary>The private key file, or null for the user's default keys.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The known_hosts file to check the VM's host key against, or null for the user's own.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>The version of the app on this VM, as its WorkloadEntry's <c>version</c> label will carry it.</summary>
    public string? Version { get; init; }

    /// <summary>Further labels of the VM's WorkloadEntry.</summary>
    public IReadOnlyDictionary<string, string> Labels
    {
        get;
        init => field = value is null ? LabelMap.Empty : new LabelMap(value);
    } = LabelMap.Empty;

    /// <summary>The service account the VM's workload runs as.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>The Istio network the VM is in.</summary>
    public string? Network { get; init; }

    /// <summary>The locality, region/zone/subzone.</summary>
    public string? Locality { get; init; }

    /// <summary>The endpoint's weight among the endpoints of one subset; not a route's weight.</summary>
    public int? Weight { get; init; }

    /// <summary>The name and address, for messages.</summary>
    public sealed override string ToString() => Name == Address ? $"'{Name}'" : $"'{Name}' ({Address})";
}
