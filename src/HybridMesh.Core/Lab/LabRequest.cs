namespace HybridMesh.Core;

/// <summary>The lab that is wanted.</summary>
public sealed record LabRequest
{
    /// <summary>The lab's folder. The default is one folder per user, see <see cref="LabFolder.Default"/>.</summary>
    public string? Path { get; init; }

    /// <summary>How many VMs, or null for 3 in a new lab and any number in a running one.</summary>
    public int? VmCount { get; init; }

    /// <summary>Whether the lab outlives this process.</summary>
    public bool Detached { get; init; }
}
