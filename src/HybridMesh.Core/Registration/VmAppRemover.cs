using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Undoes what VmAppRegistrar did, and nothing else.</summary>
public sealed class VmAppRemover
{
    private readonly MeshSession _session;
    private readonly IChangeGate _gate;
    private readonly FanOutOptions _options;

    /// <summary>Makes a remover that asks and tells its user through a gate.</summary>
    public VmAppRemover(MeshSession session, IChangeGate gate, FanOutOptions options)
    {
        _session = session;
        _gate = gate;
        _options = options;
    }

    /// <summary>
    /// Removes an app: the Service, the ServiceEntry, the entries, each only when New-MeshVmApp made it; with ASM what
    /// RemoveVmAppFromMesh removes. Null with -WhatIf and when the user said no.
    /// </summary>
    public async Task<MeshVmApp?> RemoveAsync(
        string ns, string serviceName, MeshProvider provider, CancellationToken cancellationToken)
    {
        LabelSyntax.CheckDnsLabel(serviceName, "ServiceName");
        _gate.Verbose($"Reading what {serviceName} has in namespace {ns} at {_session.ControlPlane.Server} and "
            + $"{_session.DataPlane.Server}.");
        VmAppState state = await VmAppState.ReadAsync(_session, ns, serviceName, cancellationToken)
            .ConfigureAwait(false);
        MeshVmApp app = VmAppReader.Read(_session, ns, serviceName, state.ServiceEntry, state);
        return provider == MeshProvider.Asm
            ? await RemoveByAsmAsync(app, state, cancellationToken).ConfigureAwait(false)
            : await RemoveOwnAsync(app, state, cancellationToken).ConfigureAwait(false);
    }

    private async Task<MeshVmApp?> RemoveOwnAsync(MeshVmApp app, VmAppState state, CancellationToken cancellationToken)
    {
        List<Removal> all = Objects(app, state);
        List<Removal> ours = [.. all.Where(item => item.Existing is not null && OwnerMark.IsOurs(item.Existing))];
        List<Removal> foreign = [.. all.Where(item => item.Existing is not null && !OwnerMark.IsOurs(item.Existing))];
        TellForeign(app, foreign);
        if (ours.Count > 0 && !await ConfirmAsync(app, ours, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        List<VmAppObject> done = [.. foreign.Select(item => item.Done(app.Namespace, ChangeAction.Unchanged))];
        // The name first, then what selects the entries, then the entries: the way back of registering.
        foreach (Removal item in ours.Where(item => item.Kind.Kind != KubernetesKind.WorkloadEntry.Kind))
        {
            done.Add(item.Done(app.Namespace, await DeleteAsync(app, item, cancellationToken).ConfigureAwait(false)));
        }

        Removal[] entries = [.. ours.Where(item => item.Kind.Kind == KubernetesKind.WorkloadEntry.Kind)];
        done.AddRange(await DeleteEntriesAsync(app, entries, cancellationToken).ConfigureAwait(false));
        return app with { WorkloadEntries = Outcome(app, done), Objects = WithAbsent(app, all, done) };
    }

    private async Task<List<VmAppObject>> DeleteEntriesAsync(
        MeshVmApp app, Removal[] entries, CancellationToken cancellationToken)
    {
        List<VmAppObject> done = [];
        string activity = $"Removing {app.ServiceName}";
        int count = 0;
        await foreach (FanOutResult<Removal, ChangeAction> result in FanOut.RunInOrderAsync(
            entries, _options, (item, token) => DeleteAsync(app, item, token), cancellationToken).ConfigureAwait(false))
        {
            if (result.Error is not null)
            {
                await _gate.WriteErrorAsync(result.Error, app.ServiceName).ConfigureAwait(false);
            }
            else
            {
                done.Add(result.Item.Done(app.Namespace, result.Result));
            }

            if (++count % 500 == 0)
            {
                _gate.Progress(activity, $"{count} of {entries.Length} WorkloadEntries", 99 * count / entries.Length);
            }
        }

        if (count >= 500)
        {
            _gate.Progress(activity, "done", 100);
        }

        return done;
    }

    private async Task<MeshVmApp?> RemoveByAsmAsync(
        MeshVmApp app, VmAppState state, CancellationToken cancellationToken)
    {
        (IAsmApi asm, string meshId) = AsmVmApps.Require(_session);
        List<Removal> all = Objects(app, state);
        if (state.ServiceEntry is null && state.Entries.Count == 0)
        {
            _gate.Verbose($"{app.ServiceName} is not registered in namespace {app.Namespace}; nothing to remove.");
            return app with { Objects = WithAbsent(app, all, []) };
        }

        string names = string.Join(", ", all.Where(item => item.Existing is not null).Select(item => item.ToString()));
        if (!await _gate.ShouldProcessAsync(
            $"VM app {app.Namespace}/{app.ServiceName} of mesh {meshId}", $"RemoveVmAppFromMesh; there now: {names}")
            .ConfigureAwait(false))
        {
            return null;
        }

        await AsmVmApps.CallAsync(() => asm.RemoveVmAppFromMeshAsync(
            meshId, app.Namespace, app.ServiceName, cancellationToken)).ConfigureAwait(false);
        VmAppState after = await VmAppState.ReadAsync(_session, app.Namespace, app.ServiceName, cancellationToken)
            .ConfigureAwait(false);
        HashSet<string> left =
            [.. Objects(app, after).Where(item => item.Existing is not null).Select(item => $"{item}")];
        if (after.ServiceEntry is not null || after.Entries.Count > 0)
        {
            await _gate.WriteErrorAsync(
                new MeshException(
                    MeshErrorCode.ReadBackMismatch,
                    $"RemoveVmAppFromMesh reported success, but these are still there: {string.Join(", ", left)}. "
                    + "Remove them by kubectl, or by Remove-MeshVmApp -Provider Istio when New-MeshVmApp made them so.",
                    app.ServiceName),
                app.ServiceName).ConfigureAwait(false);
        }

        List<VmAppObject> done = [.. all.Where(item => item.Existing is not null).Select(item => item.Done(
            app.Namespace, left.Contains($"{item}") ? ChangeAction.Unchanged : ChangeAction.Removed))];
        return app with { WorkloadEntries = Outcome(app, done), Objects = WithAbsent(app, all, done) };
    }

    private static List<Removal> Objects(MeshVmApp app, VmAppState state) =>
    [
        new(KubernetesKind.Service, MeshPlane.Data, app.ServiceName, state.Service),
        new(state.ServiceEntryKind, MeshPlane.Control, VmAppNames.ServiceEntry(app.ServiceName), state.ServiceEntry),
        .. state.Entries.Select(entry =>
            new Removal(state.Catalog.EntryKind, MeshPlane.Control, entry.Name, entry.Item)),
    ];

    private void TellForeign(MeshVmApp app, List<Removal> foreign)
    {
        foreach (Removal item in foreign.Where(item => item.Kind == KubernetesKind.Service))
        {
            _gate.Verbose($"{item} was not made by New-MeshVmApp and stays.");
        }

        Removal[] mesh = [.. foreign.Where(item => item.Kind != KubernetesKind.Service)];
        if (mesh.Length > 0)
        {
            _gate.Warning($"{string.Join(", ", mesh.Take(5).Select(item => item.ToString()))}"
                + $"{(mesh.Length > 5 ? $" and {mesh.Length - 5} more" : "")} of {app.ServiceName} were made by "
                + $"{OwnerMark.WritersOf(mesh[0].Existing!)}, not by New-MeshVmApp, and stay. If ASM made them, use "
                + "-Provider Asm.");
        }
    }

    // -WhatIf names every object, as the server's dry run allows it; the question is one per app.
    private async Task<bool> ConfirmAsync(MeshVmApp app, List<Removal> ours, CancellationToken cancellationToken)
    {
        if (!_gate.WhatIf)
        {
            string names = string.Join(", ", ours.Take(10).Select(item => item.ToString()));
            return await _gate.ShouldProcessAsync(
                $"VM app {app.Namespace}/{app.ServiceName}",
                $"remove {names}{(ours.Count > 10 ? $" and {ours.Count - 10} more" : "")}").ConfigureAwait(false);
        }

        foreach (Removal item in ours)
        {
            if (await _session[item.Plane].DeleteAsync(
                item.Kind, app.Namespace, item.Name, item.Existing.Text("metadata", "uid"), dryRun: true,
                cancellationToken)
                .ConfigureAwait(false))
            {
                await _gate.ShouldProcessAsync(
                    $"{ObjectName.Of(item.Kind.Kind, app.Namespace, item.Name)} on the {_session.NameOf(item.Plane)}",
                    "remove").ConfigureAwait(false);
            }
        }

        return false;
    }

    private async Task<ChangeAction> DeleteAsync(MeshVmApp app, Removal item, CancellationToken cancellationToken)
    {
        bool removed = await _session[item.Plane].DeleteAsync(
            item.Kind, app.Namespace, item.Name, item.Existing.Text("metadata", "uid"), dryRun: false,
            cancellationToken)
            .ConfigureAwait(false);
        _gate.Verbose($"{(removed ? "Removed" : "Already gone:")} {item} on the {_session.NameOf(item.Plane)}.");
        return removed ? ChangeAction.Removed : ChangeAction.Unchanged;
    }

    private static List<WorkloadEntry> Outcome(MeshVmApp app, List<VmAppObject> done)
    {
        Dictionary<string, ChangeAction> actions = done.Where(item => item.Kind == KubernetesKind.WorkloadEntry.Kind)
            .ToDictionary(item => item.Name, item => item.Action);
        return [.. app.WorkloadEntries.Select(entry => entry with
        {
            Action = actions.TryGetValue(entry.Name, out ChangeAction action) ? action : ChangeAction.Unchanged,
        })];
    }

    // What is not there was as asked for before; a second run says so.
    private static List<VmAppObject> WithAbsent(MeshVmApp app, List<Removal> all, List<VmAppObject> done) =>
        [.. done, .. all.Where(item => item.Existing is null)
            .Select(item => item.Done(app.Namespace, ChangeAction.Unchanged))];

    private sealed record Removal(KubernetesKind Kind, MeshPlane Plane, string Name, JsonObject? Existing)
    {
        public VmAppObject Done(string ns, ChangeAction action) => new()
        {
            Kind = Kind.Kind,
            Namespace = ns,
            Name = Name,
            Plane = Plane,
            Action = action,
        };

        public override string ToString() => $"{Kind.Kind} {Name}";
    }
}
