using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What every way of registering an app does alike: read, plan, tell, write entries, report.</summary>
internal abstract class VmAppRun(MeshSession session, IChangeGate gate, VmAppRequest request, VmAppInput input)
{
    private readonly List<VmAppObject> _done = [];

    protected MeshSession Session => session;

    protected IChangeGate Gate => gate;

    protected VmAppInput Input => input;

    protected TimeSpan Timeout => request.Timeout;

    /// <summary>What was done so far.</summary>
    protected IReadOnlyList<VmAppObject> Done => _done;

    protected abstract MeshProvider Provider { get; }

    protected Task<VmAppState> ReadAsync(CancellationToken cancellationToken) =>
        VmAppState.ReadAsync(session, input.Namespace, input.ServiceName, cancellationToken);

    protected async Task TellAsync(VmAppPlan plan)
    {
        foreach (string note in plan.Notes)
        {
            gate.Verbose(note);
        }

        foreach (string warning in plan.Warnings)
        {
            gate.Warning(warning);
        }

        foreach (EntryPlan entry in plan.Entries)
        {
            if (entry.Error is not null)
            {
                await gate.WriteErrorAsync(entry.Error, entry.Input.Vm).ConfigureAwait(false);
            }
        }
    }

    protected void Record(KubernetesKind kind, MeshPlane plane, string name, ChangeAction action) =>
        _done.Add(new VmAppObject
        {
            Kind = kind.Kind,
            Namespace = input.Namespace,
            Name = name,
            Plane = plane,
            Action = action,
        });

    /// <summary>Asks for every entry that would change, in order; records the others as Unchanged.</summary>
    protected async Task<List<EntryPlan>> ApproveAsync(
        IEnumerable<EntryPlan> entries, EntryWriter writer, CancellationToken cancellationToken)
    {
        List<EntryPlan> approved = [];
        foreach (EntryPlan entry in entries.Where(entry => entry.Error is null))
        {
            string? change = !entry.NeedsWrite ? null
                : gate.WhatIf ? await writer.PreviewAsync(entry, cancellationToken).ConfigureAwait(false)
                : EntryWriter.Describe(entry);
            if (change is null)
            {
                Record(KubernetesKind.WorkloadEntry, MeshPlane.Control, entry.Name, ChangeAction.Unchanged);
            }
            else if (await gate.ShouldProcessAsync(Target("WorkloadEntry", entry.Name, MeshPlane.Control), change)
                .ConfigureAwait(false))
            {
                approved.Add(entry);
            }
        }

        return approved;
    }

    /// <summary>
    /// Writes entries, many at a time; each failure is an error about its VM. Returns what was written.
    /// </summary>
    protected async Task<List<(EntryPlan Plan, EntryResult Result)>> WriteAsync(
        List<EntryPlan> entries, EntryWriter writer, CancellationToken cancellationToken)
    {
        List<(EntryPlan, EntryResult)> written = [];
        Stopwatch watch = Stopwatch.StartNew();
        bool shown = false;
        int count = 0;
        string activity = $"Registering {input.ServiceName}";
        await foreach (FanOutResult<EntryPlan, EntryResult> result in FanOut.RunInOrderAsync(
            entries, new FanOutOptions(request.ThrottleLimit, request.Timeout), writer.WriteAsync, cancellationToken)
            .ConfigureAwait(false))
        {
            count++;
            if (result.Error is not null)
            {
                await gate.WriteErrorAsync(result.Error, result.Item.Input.Vm).ConfigureAwait(false);
            }
            else
            {
                gate.Verbose($"{result.Result!.Action} WorkloadEntry {input.Namespace}/{result.Result.Name} for VM "
                    + $"{result.Item.Input}.");
                written.Add((result.Item, result.Result));
            }

            if (watch.Elapsed > TimeSpan.FromSeconds(1) && count % 50 == 0)
            {
                shown = true;
                gate.Progress(activity, $"{count} of {entries.Count} WorkloadEntries", 99 * count / entries.Count);
            }
        }

        if (shown)
        {
            gate.Progress(activity, "done", 100);
        }

        return written;
    }

    /// <summary>The app as it is now, with what was done.</summary>
    protected MeshVmApp Result(VmAppState state, IReadOnlyList<VmAppObject> objects)
    {
        Dictionary<string, ChangeAction> actions = new(StringComparer.Ordinal);
        foreach (VmAppObject item in objects.Where(item => item.Kind == KubernetesKind.WorkloadEntry.Kind))
        {
            actions[item.Name] = item.Action;
        }

        return new MeshVmApp
        {
            Namespace = input.Namespace,
            ServiceName = input.ServiceName,
            Host = VmAppNames.Host(input.ServiceName, input.Namespace),
            Ports = input.Ports,
            Labels = input.Selector,
            ServiceAccount = input.ServiceAccount,
            Provider = Provider,
            WorkloadEntries = [.. state.AppEntries(input.Selector).Select(state.Catalog.Read)
                .Select(entry => entry with { Action = actions.GetValueOrDefault(entry.Name) })],
            Vms = request.Vms,
            Objects = objects,
        };
    }

    protected string Target(string kind, string name, MeshPlane plane) =>
        $"{ObjectName.Of(kind, input.Namespace, name)} on the {session.NameOf(plane)}";
}
