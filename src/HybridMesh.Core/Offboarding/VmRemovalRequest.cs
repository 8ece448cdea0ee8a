namespace HybridMesh.Core;

/// <summary>Which VMs are to be taken out of the mesh, and how.</summary>
public sealed record VmRemovalRequest
{
    /// <summary>The namespace of their WorkloadEntries.</summary>
    public required string Namespace { get; init; }

    /// <summary>The VMs; whether traffic depends on them is judged for all of them together.</summary>
    public required IReadOnlyList<MeshVm> Vms { get; init; }

    /// <summary>How traffic is led away first.</summary>
    public DrainMode Drain { get; init; }

    /// <summary>How long requests in flight are waited for.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether VMs go that are the last to answer requests which a VirtualService sends.</summary>
    public bool Force { get; init; }

    /// <summary>Whether the mesh forgets a VM that can't be reached, leaving what is on it.</summary>
    public bool SkipUnreachable { get; init; }

    /// <summary>
    /// Tells by an app's name whether it is stopped, of those that Start-VmApp started; null stops none.
    /// </summary>
    public Func<string, bool>? StopsApp { get; init; } = _ => true;

    /// <summary>Who takes back a registered app when its last VM goes.</summary>
    public MeshProvider Provider { get; init; }
}
