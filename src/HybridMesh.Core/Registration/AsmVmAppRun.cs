using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Registers an app by Alibaba Cloud Service Mesh: reads first, calls AddVmAppToMesh once when something is missing,
/// reads back what became of it, and adds what that call can't say.
/// </summary>
internal sealed class AsmVmAppRun(MeshSession session, IChangeGate gate, VmAppRequest request, VmAppInput input)
    : VmAppRun(session, gate, request, input)
{
    private static readonly TimeSpan ReadBackLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadBackPause = TimeSpan.FromMilliseconds(250);

    protected override MeshProvider Provider => MeshProvider.Asm;

    public async Task<MeshVmApp?> RunAsync(CancellationToken cancellationToken)
    {
        (IAsmApi asm, string meshId) = AsmVmApps.Require(Session);
        await VmAppState.CheckNamespaceAsync(Session, Input.Namespace, cancellationToken).ConfigureAwait(false);
        VmAppState before = await ReadAsync(cancellationToken).ConfigureAwait(false);
        AsmVmAppPlan plan = AsmVmAppPlan.Make(Input, before);
        await TellAsync(plan.Plan).ConfigureAwait(false);
        VmAppState after = before;
        if (plan.NeedsCall)
        {
            if (await Gate.ShouldProcessAsync(
                $"VM app {Input.Namespace}/{Input.ServiceName} of mesh {meshId}", plan.Description)
                .ConfigureAwait(false))
            {
                Gate.Verbose(
                    $"AddVmAppToMesh of mesh {meshId} at {asm.Endpoint}: {string.Join(", ", plan.Addresses)}.");
                await AsmVmApps.CallAsync(
                    () => asm.AddVmAppToMeshAsync(Call(meshId, plan), cancellationToken)).ConfigureAwait(false);
                after = await ReadBackAsync(plan, cancellationToken).ConfigureAwait(false);
            }
            else if (!Gate.WhatIf)
            {
                return null;
            }
        }

        await WriteDetailsAsync(before, after, cancellationToken).ConfigureAwait(false);
        if (Gate.WhatIf)
        {
            return null;
        }

        Compare(KubernetesKind.ServiceEntry, MeshPlane.Control, VmAppNames.ServiceEntry(Input.ServiceName),
            before.ServiceEntry, after.ServiceEntry);
        Compare(KubernetesKind.Service, MeshPlane.Data, Input.ServiceName, before.Service, after.Service);
        bool changed = Done.Any(item => item.Action != ChangeAction.Unchanged);
        return Result(changed ? await ReadAsync(cancellationToken).ConfigureAwait(false) : after, Done);
    }

    private AsmVmAppRequest Call(string meshId, AsmVmAppPlan plan) => new()
    {
        MeshId = meshId,
        Namespace = Input.Namespace,
        ServiceName = Input.ServiceName,
        Addresses = plan.Addresses,
        Ports = Input.Ports,
        Labels = Input.Selector,
        Annotations = Input.Annotations.Count == 0 ? null : Input.Annotations,
        ServiceAccount = Input.ServiceAccount,
        Force = true,
    };

    // The call answers before every object need be visible; what is still missing at the end is an error.
    private async Task<VmAppState> ReadBackAsync(AsmVmAppPlan plan, CancellationToken cancellationToken)
    {
        DateTimeOffset end = TimeProvider.System.GetUtcNow()
            + (Timeout < ReadBackLimit ? Timeout : ReadBackLimit);
        while (true)
        {
            VmAppState state = await ReadAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<MeshException> missing = plan.MissingIn(state);
            if (missing.Count == 0)
            {
                return state;
            }

            if (TimeProvider.System.GetUtcNow() >= end)
            {
                foreach (MeshException error in missing)
                {
                    await Gate.WriteErrorAsync(error, error.ErrorTarget).ConfigureAwait(false);
                }

                return state;
            }

            await Task.Delay(ReadBackPause, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteDetailsAsync(VmAppState before, VmAppState after, CancellationToken cancellationToken)
    {
        AsmEntryDetails details = new(Session, Input, after.Catalog.EntryKind);
        HashSet<string> old = [.. before.Catalog.Entries.Select(entry => entry.Text("metadata", "name") ?? "")];
        foreach (EntryPlan entry in VmAppPlanner.Plan(Input, after).Entries
            .Where(entry => entry is { Existing: not null, Error: null }))
        {
            bool isNew = !old.Contains(entry.Name);
            bool changed = false;
            string? change = await details.PreviewAsync(entry, Gate.WhatIf, cancellationToken).ConfigureAwait(false);
            if (change is not null && await Gate.ShouldProcessAsync(
                Target("WorkloadEntry", entry.Name, MeshPlane.Control), change).ConfigureAwait(false))
            {
                changed = await TryAsync(() => details.WriteAsync(entry, cancellationToken), entry)
                    .ConfigureAwait(false);
            }

            Record(KubernetesKind.WorkloadEntry, MeshPlane.Control, entry.Name,
                isNew ? ChangeAction.Created : changed ? ChangeAction.Updated : ChangeAction.Unchanged);
        }
    }

    private async Task<bool> TryAsync(Func<Task> write, EntryPlan entry)
    {
        try
        {
            await write().ConfigureAwait(false);
            return true;
        }
        catch (MeshException e)
        {
            await Gate.WriteErrorAsync(e, entry.Input.Vm).ConfigureAwait(false);
            return false;
        }
    }

    private void Compare(KubernetesKind kind, MeshPlane plane, string name, JsonObject? before, JsonObject? after)
    {
        if (after is not null)
        {
            Record(kind, plane, name, before is null ? ChangeAction.Created
                : ObjectDifference.Between(before, after).Count > 0 ? ChangeAction.Updated : ChangeAction.Unchanged);
        }
    }
}
