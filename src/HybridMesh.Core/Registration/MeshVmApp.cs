using System.Collections.ObjectModel;

namespace HybridMesh.Core;

/// <summary>
/// An app on VMs as the mesh knows it: a ServiceEntry, one WorkloadEntry per VM, a Service without selector.
/// </summary>
public sealed record MeshVmApp
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The service's short name, such as <c>hello2-svc</c>.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The name clients use: <c>hello2-svc.ns.svc.cluster.local</c>.</summary>
    public required string Host { get; init; }

    /// <summary>The ports.</summary>
    public IReadOnlyList<MeshPort> Ports { get; init; } = [];

    /// <summary>The labels the ServiceEntry selects its WorkloadEntries by.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The service account the workloads run as.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>
    /// Who made it: Istio when its ServiceEntry bears the mark of New-MeshVmApp, Asm when it does not and the
    /// connection has a mesh id, else null.
    /// </summary>
    public MeshProvider? Provider { get; init; }

    /// <summary>The app's WorkloadEntries by number, and those of other names that its ServiceEntry selects.</summary>
    public IReadOnlyList<WorkloadEntry> WorkloadEntries { get; init; } = [];

    /// <summary>The VMs New-MeshVmApp was given; empty when the app was only read.</summary>
    public IReadOnlyList<MeshVm> Vms { get; init; } = [];

    /// <summary>What was done to each object; empty when the app was only read.</summary>
    public IReadOnlyList<VmAppObject> Objects { get; init; } = [];
}

/// <summary>What was done to one object of an app.</summary>
public sealed record VmAppObject
{
    /// <summary>The kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The plane it lives on.</summary>
    public required MeshPlane Plane { get; init; }

    /// <summary>What was done.</summary>
    public required ChangeAction Action { get; init; }

    /// <summary><c>Created WorkloadEntry/name</c>.</summary>
    public override string ToString() => $"{Action} {Kind}/{Name}";
}
