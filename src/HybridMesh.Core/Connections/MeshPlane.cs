namespace HybridMesh.Core;

/// <summary>The two API servers of a mesh; plain Istio has one cluster for both.</summary>
public enum MeshPlane
{
    /// <summary>Where pods and Services live.</summary>
    Data,
    /// <summary>Where Istio's resources live.</summary>
    Control,
}
