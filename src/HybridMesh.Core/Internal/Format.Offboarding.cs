using HybridMesh.Core;

namespace HybridMesh.Internal;

public static partial class Format
{
    /// <summary>
    /// What was removed, by kind: <c>Sidecar, WorkloadEntry, 2 HostRecord; the VM itself is left</c>.
    /// </summary>
    public static string Removed(RemovedMeshVm vm)
    {
        ArgumentNullException.ThrowIfNull(vm);
        string kinds = string.Join(", ", vm.Objects.Where(item => item.Action == ChangeAction.Removed)
            .GroupBy(item => item.Kind)
            .Select(group => group.Count() == 1 ? group.Key : $"{group.Count()} {group.Key}"));
        return vm.Left is null ? kinds : $"{kinds}; the VM itself is left";
    }
}
