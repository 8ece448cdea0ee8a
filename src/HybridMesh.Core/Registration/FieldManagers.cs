namespace HybridMesh.Core;

/// <summary>The names objects are written under; the servers keep who wrote which field.</summary>
internal static class FieldManagers
{
    /// <summary>
    /// New-MeshVmApp, whose owner mark it is: what of an app bears it, Remove-MeshVmApp may remove. New-WorkloadGroup's
    /// groups bear it too and are no part of an app.
    /// </summary>
    public const string Registration = "hybridmesh";

    /// <summary>The version label of WorkloadEntries.</summary>
    public const string Version = "hybridmesh-version";

    /// <summary>The weights of VirtualServices' routes, and the marker of a shift under way.</summary>
    public const string Weights = "hybridmesh-weights";

    /// <summary>The labels a WorkloadEntry loses while its VM is drained.</summary>
    public const string Drain = "hybridmesh-drain";

    /// <summary>What New-MeshVmApp adds to entries that ASM made; no owner mark, because ASM owns them.</summary>
    public const string AsmDetails = "hybridmesh-asm";
}
