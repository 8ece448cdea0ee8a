using System.Diagnostics.CodeAnalysis;

namespace HybridMesh.Core;

/// <summary>A VM that was taken out of the mesh: the VM itself, and what was done.</summary>
public sealed record RemovedMeshVm : MeshVm
{
    /// <summary>Makes a result about a VM.</summary>
    [SetsRequiredMembers]
    public RemovedMeshVm(MeshVm vm, string ns)
        : base(vm) => Namespace = ns;

    /// <summary>The namespace its WorkloadEntries were in.</summary>
    public string Namespace { get; }

    /// <summary>
    /// Removed, or Unchanged when there was nothing of the mesh on it and nothing about it in the mesh.
    /// </summary>
    public ChangeAction Action =>
        Objects.Any(item => item.Action == ChangeAction.Removed) ? ChangeAction.Removed : ChangeAction.Unchanged;

    /// <summary>What was done to each object, in order.</summary>
    public IReadOnlyList<RemovedObject> Objects { get; init; } = [];

    /// <summary>The routes whose weights were moved away from this VM, with their weights before.</summary>
    public IReadOnlyList<RouteWeights> PreviousWeights { get; init; } = [];

    /// <summary>Why things on the VM itself were left; null when they were not.</summary>
    public string? Left { get; init; }
}

/// <summary>What was done to one object when a VM was taken out of the mesh.</summary>
public sealed record RemovedObject
{
    /// <summary>An object's kind, or <c>Sidecar</c>, <c>HostRecord</c> or <c>App</c> for what is on the VM.</summary>
    public required string Kind { get; init; }

    /// <summary>The namespace; null for what is on the VM.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The plane it was on; null for what is on the VM.</summary>
    public MeshPlane? Plane { get; init; }

    /// <summary>What was done.</summary>
    public required ChangeAction Action { get; init; }

    /// <summary><c>Removed WorkloadEntry/name</c>.</summary>
    public override string ToString() => $"{Action} {Kind}/{Name}";
}
