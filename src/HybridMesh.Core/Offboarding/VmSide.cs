namespace HybridMesh.Core;

/// <summary>Takes off a VM what ties it to the mesh.</summary>
/// <param name="request">Which apps are stopped.</param>
internal sealed class VmSide(VmRemovalRequest request)
{
    /// <summary>Stops the sidecar and removes it, telling of each thing removed.</summary>
    // Before its WorkloadEntries go: while it runs, istiod makes an auto-registered one anew.
    public static async Task RemoveSidecarAsync(
        IRemoteShell shell, ChangeGuard guard, Action<RemovedObject> removed, CancellationToken cancellationToken)
    {
        VmSidecar? sidecar = await SidecarRemover.RemoveAsync(shell, guard, cancellationToken).ConfigureAwait(false);
        if (sidecar?.Action == ChangeAction.Removed)
        {
            removed(Removed(
                "Sidecar",
                sidecar.Method == SidecarMethod.Container ? SidecarPlaces.Container : SidecarPlaces.Service));
        }
    }

    /// <summary>Removes our host records and stops the apps; last, because requests in flight may need them.</summary>
    public async Task RemoveRestAsync(
        IRemoteShell shell, ChangeGuard guard, Action<RemovedObject> removed, CancellationToken cancellationToken)
    {
        foreach (VmHostRecord record in await VmHostRecords.RemoveAsync(shell, [], guard, cancellationToken)
            .ConfigureAwait(false))
        {
            removed(Removed("HostRecord", record.HostName));
        }

        foreach (VmApp app in await AppsAsync(shell, cancellationToken).ConfigureAwait(false))
        {
            VmApp? stopped = await VmApps.StopAsync(shell, app.Name, guard, cancellationToken).ConfigureAwait(false);
            if (stopped?.Action == ChangeAction.Removed)
            {
                removed(Removed("App", app.Name));
            }
        }
    }

    /// <summary>What would be done.</summary>
    public async Task<IReadOnlyList<VmStep>> PlanAsync(
        IRemoteShell shell, Action<string> warn, CancellationToken cancellationToken)
    {
        List<VmStep> steps = [];
        bool isSidecar = true;
        ChangeGuard refusing = new(
            (target, action) =>
            {
                steps.Add(new VmStep(target, action, isSidecar));
                return Task.FromResult(false);
            },
            warn);
        await RemoveSidecarAsync(shell, refusing, _ => { }, cancellationToken).ConfigureAwait(false);
        isSidecar = false;
        await RemoveRestAsync(shell, refusing, _ => { }, cancellationToken).ConfigureAwait(false);
        return steps;
    }

    private async Task<IReadOnlyList<VmApp>> AppsAsync(IRemoteShell shell, CancellationToken cancellationToken)
    {
        if (request.StopsApp is not { } stops)
        {
            return [];
        }

        try
        {
            return [.. (await VmApps.GetAsync(shell, cancellationToken).ConfigureAwait(false))
                .Where(app => stops(app.Name))];
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.ContainerRuntimeMissing)
        {
            return [];
        }
    }

    private static RemovedObject Removed(string kind, string name) =>
        new() { Kind = kind, Name = name, Action = ChangeAction.Removed };
}

/// <summary>Something to do on a VM.</summary>
/// <param name="Target">What it is done to.</param>
/// <param name="Action">What is done.</param>
/// <param name="IsSidecar">Whether it is about the sidecar.</param>
internal sealed record VmStep(string Target, string Action, bool IsSidecar);
