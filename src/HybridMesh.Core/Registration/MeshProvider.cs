namespace HybridMesh.Core;

/// <summary>Who makes the objects of a VM-hosted app.</summary>
public enum MeshProvider
{
    /// <summary>This module, through the two Kubernetes APIs.</summary>
    Istio,
    /// <summary>Alibaba Cloud Service Mesh, through its own API.</summary>
    Asm,
}
