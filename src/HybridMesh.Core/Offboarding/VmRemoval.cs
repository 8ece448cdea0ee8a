using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>One VM on its way out of the mesh.</summary>
/// <param name="vm">The VM.</param>
/// <param name="entries">The WorkloadEntries that claim its address.</param>
internal sealed class VmRemoval(MeshVm vm, IReadOnlyList<JsonObject> entries)
{
    public MeshVm Vm => vm;

    public IReadOnlyList<JsonObject> Entries => entries;

    /// <summary>The names of its WorkloadEntries.</summary>
    public IReadOnlyList<string> EntryNames { get; } =
        [.. entries.Select(entry => entry.Text("metadata", "name")).OfType<string>()];

    /// <summary>What is to be done on the VM.</summary>
    public List<VmStep> OnVm { get; } = [];

    /// <summary>What the user was warned of, so that it is not said again.</summary>
    public HashSet<string> Warned { get; } = new(StringComparer.Ordinal);

    /// <summary>Why the VM is left as it is; null when it was reached.</summary>
    public MeshException? Unreachable { get; set; }

    /// <summary>Whether ASM took its WorkloadEntries along with an app.</summary>
    public bool GoneWithApp { get; set; }

    /// <summary>What was done, for the result.</summary>
    public List<RemovedObject> Done { get; } = [];

    /// <summary>The weights that were moved away from it, as they were.</summary>
    public List<RouteWeights> PreviousWeights { get; } = [];

    /// <summary>What was done before the removal itself, for the message of a failure.</summary>
    public List<string> Drained { get; } = [];

    /// <summary>What is still to do, for the message of a failure.</summary>
    public List<string> Pending { get; } = [];

    /// <summary>Whether it is out already.</summary>
    public bool IsOut => entries.Count == 0 && OnVm.Count == 0 && Unreachable is null;

    /// <summary>The result.</summary>
    public RemovedMeshVm ToResult(string ns) => new(vm, ns)
    {
        Objects = [.. Done],
        PreviousWeights = [.. PreviousWeights],
        Left = Unreachable is null ? null
            : $"Host records, sidecar and apps on the VM are as they were: {Unreachable.Message}",
    };

    /// <summary>A failure half-way, with what was done and what was not.</summary>
    public MeshException Failed(MeshException error)
    {
        string done = string.Join(", ", Drained.Concat(
            Done.Where(item => item.Action != ChangeAction.Unchanged).Select(item => item.ToString())));
        string open = string.Join(", ", Pending);
        return new MeshException(
            error.Code,
            $"{error.Message} {this} is not out of the mesh completely. Done: {(done.Length == 0 ? "nothing" : done)}. "
                + $"Not done: {(open.Length == 0 ? "nothing" : open)}. Run Remove-MeshVm for it again"
                + (error.Code is MeshErrorCode.VmUnreachable or MeshErrorCode.TimedOut
                    ? "; if the VM is gone for good, with -SkipUnreachable." : "."),
            vm,
            error);
    }

    /// <summary>The VM, for messages.</summary>
    public override string ToString() => $"VM {vm}";
}
