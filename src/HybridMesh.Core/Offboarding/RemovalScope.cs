namespace HybridMesh.Core;

/// <summary>What every stage of taking VMs out of the mesh works with.</summary>
internal sealed record RemovalScope(
    MeshSession Session, IChangeGate Gate, VmRemovalRequest Request, WorkloadEntryCatalog Catalog, TrafficUse Use,
    FanOutOptions FanOut, TimeProvider Clock)
{
    /// <summary>An object, for questions: <c>WorkloadEntry ns/name on the control plane</c>.</summary>
    public string Target(string kind, string name, MeshPlane plane, string? ns = null) =>
        $"{ObjectName.Of(kind, ns ?? Request.Namespace, name)} on the {Session.NameOf(plane)}";

    /// <summary>Tells that VMs can't go on, each by an error of its own, and gives those that can.</summary>
    public async Task<List<VmRemoval>> DropAsync(
        IEnumerable<VmRemoval> vms, IReadOnlyDictionary<VmRemoval, MeshException> errors)
    {
        List<VmRemoval> left = [];
        foreach (VmRemoval vm in vms)
        {
            if (errors.TryGetValue(vm, out MeshException? error))
            {
                await Gate.WriteErrorAsync(error, vm.Vm).ConfigureAwait(false);
            }
            else
            {
                left.Add(vm);
            }
        }

        return left;
    }
}
