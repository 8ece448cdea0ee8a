using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Shows what taking VMs out would do, or asks whether it may.</summary>
internal sealed class RemovalQuestions(RemovalScope scope)
{
    /// <summary>Shows every change, objects as the server's dry run answers them, and makes none.</summary>
    public async Task ShowAsync(IReadOnlyList<VmRemoval> vms, CancellationToken cancellationToken)
    {
        if (scope.Request.Drain == DrainMode.Weight)
        {
            await ShowWeightsAsync(vms, cancellationToken).ConfigureAwait(false);
        }

        foreach (VmRemoval vm in vms)
        {
            try
            {
                foreach (JsonObject entry in vm.Entries)
                {
                    await ShowEntryAsync(entry, cancellationToken).ConfigureAwait(false);
                }

                foreach (VmStep step in vm.OnVm)
                {
                    await scope.Gate.ShouldProcessAsync(step.Target, step.Action).ConfigureAwait(false);
                }
            }
            catch (MeshException e)
            {
                await scope.Gate.WriteErrorAsync(e, vm.Vm).ConfigureAwait(false);
            }
        }

        await new EmptiedAppRun(scope).ShowAsync(
            await EmptiedApp.FindAsync(scope.Session, scope.Request.Namespace, scope.Catalog, vms, cancellationToken)
                .ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for each VM, and gives those that may go.</summary>
    public async Task<List<VmRemoval>> AskAsync(IReadOnlyList<VmRemoval> vms)
    {
        List<VmRemoval> approved = [];
        foreach (VmRemoval vm in vms)
        {
            string[] steps =
            [
                .. vm.Entries.Select(entry => $"{Describe(entry)} WorkloadEntry {entry.Text("metadata", "name")}"),
                .. vm.OnVm.Select(item => $"{item.Action} ({item.Target})"),
            ];
            if (await scope.Gate.ShouldProcessAsync($"{vm}", $"Take out of the mesh: {string.Join("; ", steps)}")
                .ConfigureAwait(false))
            {
                approved.Add(vm);
            }
        }

        return approved;
    }

    private async Task ShowWeightsAsync(IReadOnlyList<VmRemoval> vms, CancellationToken cancellationToken)
    {
        RouteWeightWriter writer = new(scope.Session);
        foreach ((UsedRoute route, _, RouteWeights after) in DrainRun.Moves(scope, vms))
        {
            RouteWeights before = route.Http!;
            RouteWeightChange change = await writer.WriteAsync(
                before.Namespace, before.VirtualService, before.Route, now => now.With(Wanted(after)), dryRun: true,
                cancellationToken).ConfigureAwait(false);
            await scope.Gate.ShouldProcessAsync(
                scope.Target("VirtualService", before.VirtualService, MeshPlane.Control, before.Namespace),
                DrainRun.Describe(change.Before, change.After)).ConfigureAwait(false);
        }

        static Func<RouteWeight, int> Wanted(RouteWeights after) =>
            item => after.Destinations.FirstOrDefault(item.IsSame)?.Weight ?? item.Weight;
    }

    private async Task ShowEntryAsync(JsonObject entry, CancellationToken cancellationToken)
    {
        string name = entry.Text("metadata", "name")!;
        if (scope.Request.Drain != DrainMode.None && LabelDrain.Of(entry, scope.Use) is { } drain)
        {
            await drain.ApplyAsync(scope.Session, scope.Catalog.EntryKind, dryRun: true, cancellationToken)
                .ConfigureAwait(false);
        }

        if (await scope.Session.ControlPlane.DeleteAsync(
            scope.Catalog.EntryKind, scope.Request.Namespace, name, entry.Text("metadata", "uid"), dryRun: true,
            cancellationToken).ConfigureAwait(false))
        {
            await scope.Gate.ShouldProcessAsync(
                scope.Target(KubernetesKind.WorkloadEntry.Kind, name, MeshPlane.Control), Describe(entry))
                .ConfigureAwait(false);
        }
    }

    // Whose entry it is, where it is not New-MeshVmApp's: an admission controller's or another tool's goes too.
    private string Describe(JsonObject entry)
    {
        LabelDrain? drain = scope.Request.Drain == DrainMode.None ? null : LabelDrain.Of(entry, scope.Use);
        string how = drain is null ? "remove"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"take off labels {drain}, wait {scope.Request.DrainTime.TotalSeconds:0.#} s, remove");
        return OwnerMark.IsOurs(entry) ? how : $"{how} (made by {OwnerMark.WritersOf(entry)})";
    }
}
