namespace HybridMesh.Core;

/// <summary>How traffic is led away from a VM before the VM is taken out of the mesh.</summary>
public enum DrainMode
{
    /// <summary>Its WorkloadEntries lose the labels that services select them by.</summary>
    Label,
    /// <summary>
    /// As Label, and destinations that lose their last endpoint first give their weight to the route's others.
    /// </summary>
    Weight,
    /// <summary>It is not: requests in flight may fail.</summary>
    None,
}
