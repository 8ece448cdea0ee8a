using System.Collections.ObjectModel;

namespace HybridMesh.Core;

/// <summary>A VM-hosted app to register.</summary>
public sealed record VmAppRequest
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The service's short name.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The ports.</summary>
    public required IReadOnlyList<MeshPort> Ports { get; init; }

    /// <summary>The labels of the selector and of every entry; empty for <c>app=</c> and the service's name.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Annotations of the Service.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The service account; null for the VMs' own, which must agree.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>The VMs.</summary>
    public required IReadOnlyList<MeshVm> Vms { get; init; }

    /// <summary>How many objects are written at a time. The default is 32.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>How long one object's writes may take. The default is 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
