namespace HybridMesh.Core;

/// <summary>Where a hop of a chain runs.</summary>
public enum HopKind
{
    /// <summary>No endpoint of the mesh has its address, or there is no connection to ask.</summary>
    Unknown,
    /// <summary>In a pod.</summary>
    Pod,
    /// <summary>On a virtual machine, as a WorkloadEntry says.</summary>
    Vm,
}
