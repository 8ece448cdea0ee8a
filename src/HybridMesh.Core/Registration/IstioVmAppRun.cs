using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Registers an app by server-side apply: entries first, then the ServiceEntry that selects them, then the Service
/// that gives it a name, so that traffic starts only when everything it needs is there.
/// </summary>
internal sealed class IstioVmAppRun(MeshSession session, IChangeGate gate, VmAppRequest request, VmAppInput input)
    : VmAppRun(session, gate, request, input)
{
    internal const string ConflictRemedy =
        "New-MeshVmApp does not take over what others set: give it the same value, or take the field out of the "
        + "object, and run it again.";

    private readonly ObjectWriter _objects = new(
        session, new ObjectWriterOptions(FieldManagers.Registration) { ConflictRemedy = ConflictRemedy });

    protected override MeshProvider Provider => MeshProvider.Istio;

    public async Task<MeshVmApp?> RunAsync(CancellationToken cancellationToken)
    {
        await VmAppState.CheckNamespaceAsync(Session, Input.Namespace, cancellationToken).ConfigureAwait(false);
        VmAppState state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        VmAppPlan plan = VmAppPlanner.Plan(Input, state);
        await TellAsync(plan).ConfigureAwait(false);

        // Planned before anything is written: what the servers refuse here must not leave entries behind.
        PlannedChange? serviceEntry = plan.WriteServiceEntry
            ? await _objects.PlanApplyAsync(
                MeshPlane.Control, state.ServiceEntryKind, plan.ServiceEntry!, cancellationToken).ConfigureAwait(false)
            : null;
        PlannedChange? service = plan.WriteService
            ? await _objects.PlanApplyAsync(
                MeshPlane.Data, KubernetesKind.Service, plan.Service!, cancellationToken).ConfigureAwait(false)
            : null;
        bool created = await WriteEntriesAsync(plan, state, cancellationToken).ConfigureAwait(false);
        if (!Gate.WhatIf && Done.Count == 0 && state.Entries.Count == 0)
        {
            Gate.Warning($"No WorkloadEntry of {Input.ServiceName} could be made, so neither were its ServiceEntry and "
                + "Service: without an endpoint they would only catch its traffic.");
            return null;
        }

        await CommitAsync(serviceEntry, KubernetesKind.ServiceEntry, MeshPlane.Control,
            VmAppNames.ServiceEntry(Input.ServiceName), cancellationToken).ConfigureAwait(false);
        await CommitAsync(service, KubernetesKind.Service, MeshPlane.Data, Input.ServiceName, cancellationToken)
            .ConfigureAwait(false);
        if (Gate.WhatIf)
        {
            return null;
        }

        bool changed = created || Done.Any(item => item.Action != ChangeAction.Unchanged);
        return Result(changed ? await ReadAsync(cancellationToken).ConfigureAwait(false) : state, Done);
    }

    private async Task<bool> WriteEntriesAsync(VmAppPlan plan, VmAppState state, CancellationToken cancellationToken)
    {
        EntryWriter writer = new(Session, Input.ServiceName, state.Catalog.EntryKind, plan.NextNumber);
        List<EntryPlan> approved = await ApproveAsync(plan.Entries, writer, cancellationToken).ConfigureAwait(false);
        List<(EntryPlan Plan, EntryResult Result)> written =
            await WriteAsync(approved, writer, cancellationToken).ConfigureAwait(false);
        List<(EntryPlan Plan, EntryResult Result)> made =
            [.. written.Where(item => item.Result.Action == ChangeAction.Created)];
        Dictionary<string, string> merged = made.Count == 0 ? [] : await MergeDoublesAsync(made, cancellationToken)
            .ConfigureAwait(false);
        foreach ((_, EntryResult result) in written)
        {
            bool isDouble = merged.TryGetValue(result.Name, out string? kept);
            Record(
                KubernetesKind.WorkloadEntry, MeshPlane.Control, kept ?? result.Name,
                isDouble ? ChangeAction.Unchanged : result.Action);
        }

        return made.Count > 0;
    }

    /// <summary>
    /// Another run may have made an entry for the same VM under another number meanwhile; the lowest number stays.
    /// Every
    /// run comes here after its last creation, so the last of them sees all. Returns, by the name given up, the name
    /// kept.
    /// </summary>
    private async Task<Dictionary<string, string>> MergeDoublesAsync(
        List<(EntryPlan Plan, EntryResult Result)> made, CancellationToken cancellationToken)
    {
        Dictionary<string, string> merged = new(StringComparer.Ordinal);
        VmAppState state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        ILookup<(string, string?), NumberedEntry> byEndpoint =
            state.Entries.ToLookup(item => (item.Address, item.Network));
        foreach ((EntryPlan plan, EntryResult result) in made)
        {
            NumberedEntry[] same = [.. byEndpoint[(plan.Input.Address, plan.Input.Network)]
                .Where(entry => OwnerMark.IsOurs(entry.Item))];
            if (same.Length == 0)
            {
                await Gate.WriteErrorAsync(Gone(plan, result), plan.Input.Vm).ConfigureAwait(false);
                continue;
            }

            foreach (NumberedEntry entry in same.Skip(1))
            {
                await Session.ControlPlane.DeleteAsync(
                    state.Catalog.EntryKind, Input.Namespace, entry.Name, entry.Item.Text("metadata", "uid"),
                    dryRun: false, cancellationToken).ConfigureAwait(false);
                Gate.Verbose($"Two runs registered VM {plan.Input} at the same time; {same[0].Name} stays, "
                    + $"{entry.Name} goes.");
            }

            if (same[0].Name != result.Name)
            {
                merged[result.Name] = same[0].Name;
            }
        }

        return merged;
    }

    private MeshException Gone(EntryPlan plan, EntryResult result) => new(
        MeshErrorCode.ReadBackMismatch,
        $"WorkloadEntry {Input.Namespace}/{result.Name} of VM {plan.Input} was written but is gone; another run or an "
        + "admission webhook removed it. Run New-MeshVmApp again.",
        plan.Input.Vm);

    private async Task CommitAsync(
        PlannedChange? change, KubernetesKind kind, MeshPlane plane, string name, CancellationToken cancellationToken)
    {
        if (change is null || !change.NeedsWrite)
        {
            Record(kind, plane, name, ChangeAction.Unchanged);
        }
        else if (await Gate.ShouldProcessAsync(change.Target, change.Description).ConfigureAwait(false))
        {
            PlannedChange done = await _objects.CommitAsync(change, cancellationToken).ConfigureAwait(false);
            Gate.Verbose($"{done.Action} {done.Target}.");
            Record(kind, plane, name, done.Action);
        }
    }
}
