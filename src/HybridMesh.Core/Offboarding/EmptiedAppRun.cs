namespace HybridMesh.Core;

/// <summary>Takes back the apps whose last VMs go, as Remove-MeshVmApp does.</summary>
internal sealed class EmptiedAppRun(RemovalScope scope)
{
    private const string Reason = "its last VM goes";

    /// <summary>Shows what would go, as the server's dry run allows it.</summary>
    public async Task ShowAsync(IReadOnlyList<EmptiedApp> apps, CancellationToken cancellationToken)
    {
        foreach (EmptiedApp app in apps)
        {
            Tell(app);
            if (scope.Request.Provider == MeshProvider.Asm)
            {
                await AskAsync(app).ConfigureAwait(false);
                continue;
            }

            foreach (EmptiedObject item in app.Objects.Where(item => item.IsOurs))
            {
                await DeleteAsync(item, dryRun: true, cancellationToken).ConfigureAwait(false);
                await scope.Gate.ShouldProcessAsync(
                    scope.Target(item.Kind.Kind, item.Name, item.Plane), $"remove, because {Reason}")
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes the apps' objects and gives the VMs that may go on.</summary>
    public async Task<List<VmRemoval>> RunAsync(
        IReadOnlyList<EmptiedApp> apps, IReadOnlyList<VmRemoval> vms, CancellationToken cancellationToken)
    {
        Dictionary<VmRemoval, MeshException> failed = [];
        foreach (EmptiedApp app in apps)
        {
            Tell(app);
            VmRemoval[] own = [.. vms.Where(vm => vm.EntryNames.Any(app.EntryNames.Contains))];
            try
            {
                if (scope.Request.Provider == MeshProvider.Asm || app.Objects.Any(item => item.IsOurs))
                {
                    await RemoveAsync(app, own, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (MeshException e)
            {
                Array.ForEach(own, vm => failed[vm] = vm.Failed(e));
            }
        }

        return await scope.DropAsync(vms, failed).ConfigureAwait(false);
    }

    private async Task RemoveAsync(EmptiedApp app, VmRemoval[] own, CancellationToken cancellationToken)
    {
        if (!await AskAsync(app).ConfigureAwait(false))
        {
            return;
        }

        if (scope.Request.Provider == MeshProvider.Asm)
        {
            MeshVmApp? removed = await new VmAppRemover(scope.Session, new ApprovedGate(scope.Gate), scope.FanOut)
                .RemoveAsync(scope.Request.Namespace, app.ServiceName, MeshProvider.Asm, cancellationToken)
                .ConfigureAwait(false);
            own[^1].Done.AddRange((removed?.Objects ?? [])
                .Where(item => item.Kind != KubernetesKind.WorkloadEntry.Kind && item.Action == ChangeAction.Removed)
                .Select(item => Result(item.Kind, item.Name, item.Plane)));
            Array.ForEach(own, vm => vm.GoneWithApp = true);
            return;
        }

        foreach (EmptiedObject item in app.Objects.Where(item => item.IsOurs))
        {
            if (await DeleteAsync(item, dryRun: false, cancellationToken).ConfigureAwait(false))
            {
                own[^1].Done.Add(Result(item.Kind.Kind, item.Name, item.Plane));
                scope.Gate.Verbose($"Removed {item} on the {scope.Session.NameOf(item.Plane)}: {Reason}.");
            }
        }
    }

    private Task<bool> AskAsync(EmptiedApp app)
    {
        string names = string.Join(", ", app.Objects
            .Where(item => scope.Request.Provider == MeshProvider.Asm || item.IsOurs).Select(item => item.ToString()));
        string how = scope.Request.Provider == MeshProvider.Asm ? "RemoveVmAppFromMesh" : "remove";
        return scope.Gate.ShouldProcessAsync(
            $"VM app {scope.Request.Namespace}/{app.ServiceName}", $"{how} {names}, because {Reason}");
    }

    private void Tell(EmptiedApp app)
    {
        foreach (EmptiedObject item in app.Objects.Where(item =>
            !item.IsOurs && scope.Request.Provider == MeshProvider.Istio))
        {
            string text = $"{item} was made by {OwnerMark.WritersOf(item.Item)}, not by New-MeshVmApp, and stays, "
                + "though no VM is left behind it.";
            if (item.Kind == KubernetesKind.Service)
            {
                scope.Gate.Verbose(text);
            }
            else
            {
                scope.Gate.Warning($"{text} If ASM made it, pass -Provider Asm.");
            }
        }
    }

    private Task<bool> DeleteAsync(EmptiedObject item, bool dryRun, CancellationToken cancellationToken) =>
        scope.Session[item.Plane].DeleteAsync(
            item.Kind, scope.Request.Namespace, item.Name, item.Item.Text("metadata", "uid"), dryRun,
            cancellationToken);

    private RemovedObject Result(string kind, string name, MeshPlane plane) => new()
    {
        Kind = kind,
        Namespace = scope.Request.Namespace,
        Name = name,
        Plane = plane,
        Action = ChangeAction.Removed,
    };
}

/// <summary>Lets through what its user has approved already; an error ends the work.</summary>
internal sealed class ApprovedGate(IChangeGate gate) : IChangeGate
{
    public bool WhatIf => false;

    public Task<bool> ShouldProcessAsync(string target, string action) => Task.FromResult(true);

    public Task WriteErrorAsync(MeshException exception, object? target) => throw exception;

    public void Warning(string text) => gate.Warning(text);

    public void Verbose(string text) => gate.Verbose(text);

    public void Progress(string activity, string status, int percent) => gate.Progress(activity, status, percent);
}
