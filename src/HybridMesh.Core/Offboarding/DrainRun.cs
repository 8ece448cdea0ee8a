using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Leads traffic away from VMs and waits until requests in flight have ended.</summary>
internal sealed class DrainRun(RemovalScope scope)
{
    // Ctrl+C must end the command within a second.
    private static readonly TimeSpan UndoLimit = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<Func<CancellationToken, Task>> _undo = [];

    /// <summary>Drains VMs and gives those for which it worked. Cancelled, it puts back what it changed.</summary>
    public async Task<List<VmRemoval>> RunAsync(IReadOnlyList<VmRemoval> vms, CancellationToken cancellationToken)
    {
        if (scope.Request.Drain == DrainMode.None)
        {
            return [.. vms];
        }

        try
        {
            List<VmRemoval> left = scope.Request.Drain == DrainMode.Weight
                ? await MoveWeightsAsync(vms, cancellationToken).ConfigureAwait(false) : [.. vms];
            left = await TakeLabelsAsync(left, cancellationToken).ConfigureAwait(false);
            if (left.Exists(vm => vm.Drained.Count > 0))
            {
                await WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return left;
        }
        catch (OperationCanceledException)
        {
            await UndoAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The moves that VMs make necessary: the lost destinations of a route, and what would be left.</summary>
    public static IReadOnlyList<(UsedRoute Route, LostDestination[] Lost, RouteWeights After)> Moves(
        RemovalScope scope, IReadOnlyList<VmRemoval> vms)
    {
        IReadOnlyList<LostDestination> lost = RemovalJudge.Lost(scope.Use, vms);
        return
        [
            .. lost.GroupBy(item => item.Route)
                .Select(group => (group.Key, Lost: group.ToArray(), After: RemovalJudge.MoveAway(group.Key, lost)))
                .Where(item => item.After is not null).Select(item => (item.Key, item.Lost, item.After!)),
        ];
    }

    /// <summary>What a move is asked and told as.</summary>
    public static string Describe(RouteWeights before, RouteWeights after) =>
        $"weights of route '{before.Route}': {before} -> {after}";

    private async Task<List<VmRemoval>> MoveWeightsAsync(
        IReadOnlyList<VmRemoval> vms, CancellationToken cancellationToken)
    {
        Dictionary<VmRemoval, MeshException> failed = [];
        HashSet<VmRemoval> declined = [];
        RouteWeightWriter writer = new(scope.Session);
        foreach ((UsedRoute route, LostDestination[] lost, RouteWeights after) in Moves(scope, vms))
        {
            VmRemoval[] concerned =
                [.. vms.Where(vm => lost.Any(item => vm.EntryNames.Any(item.EntryNames.Contains)))];
            RouteWeights before = route.Http!;
            string target = scope.Target(
                "VirtualService", before.VirtualService, MeshPlane.Control, before.Namespace);
            if (!await scope.Gate.ShouldProcessAsync(target, Describe(before, after)).ConfigureAwait(false))
            {
                declined.UnionWith(concerned);
                continue;
            }

            try
            {
                RouteWeightChange change = await writer.WriteAsync(
                    before.Namespace, before.VirtualService, before.Route, now => Move(now, lost), dryRun: false,
                    cancellationToken).ConfigureAwait(false);
                Note(change, concerned, writer);
            }
            catch (MeshException e)
            {
                Array.ForEach(concerned, vm => failed[vm] = vm.Failed(e));
            }
        }

        return await scope.DropAsync(vms.Where(vm => !declined.Contains(vm)), failed).ConfigureAwait(false);
    }

    private static RouteWeights Move(RouteWeights now, LostDestination[] lost) =>
        WeightDrain.Move(now, item => lost.Any(other => other.Destination.IsSame(item))) ?? throw new MeshException(
            MeshErrorCode.VmInUse,
            $"Another writer changed {now.Label} to {now}, so no other destination is left to take the weight.");

    private void Note(RouteWeightChange change, VmRemoval[] concerned, RouteWeightWriter writer)
    {
        string text = $"{Describe(change.Before, change.After)} (VirtualService "
            + $"{change.Before.Namespace}/{change.Before.VirtualService})";
        scope.Gate.Verbose($"Moved {text}.");
        foreach (VmRemoval vm in concerned)
        {
            vm.PreviousWeights.Add(change.Before);
            vm.Drained.Add(text);
        }

        _undo.Add(token => writer.WriteAsync(
            change.Before.Namespace, change.Before.VirtualService, change.Before.Route,
            now => now.HasSameWeights(change.After) ? change.Before : now, dryRun: false, token));
    }

    private async Task<List<VmRemoval>> TakeLabelsAsync(
        IReadOnlyList<VmRemoval> vms, CancellationToken cancellationToken)
    {
        Dictionary<VmRemoval, MeshException> failed = [];
        await foreach (FanOutResult<VmRemoval, bool> result in FanOut.RunAsync(
            vms, scope.FanOut, TakeLabelsAsync, cancellationToken).ConfigureAwait(false))
        {
            if (result.Error is { } error)
            {
                failed[result.Item] = result.Item.Failed(error);
            }
        }

        return await scope.DropAsync(vms, failed).ConfigureAwait(false);
    }

    private async Task<bool> TakeLabelsAsync(VmRemoval vm, CancellationToken cancellationToken)
    {
        foreach (JsonObject entry in vm.Entries)
        {
            if (LabelDrain.Of(entry, scope.Use) is not { } drain)
            {
                continue;
            }

            _undo.Add(token => drain.UndoAsync(scope.Session, scope.Catalog.EntryKind, token));
            await drain.ApplyAsync(scope.Session, scope.Catalog.EntryKind, dryRun: false, cancellationToken)
                .ConfigureAwait(false);
            string text = $"labels {drain} taken off WorkloadEntry {entry.Text("metadata", "name")}";
            vm.Drained.Add(text);
            scope.Gate.Verbose($"{vm}: {text}; no service selects it any more.");
        }

        return true;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan left = scope.Request.DrainTime;
        bool shown = false;
        while (left > TimeSpan.Zero)
        {
            if (left < scope.Request.DrainTime)
            {
                shown = true;
                scope.Gate.Progress(
                    "Draining", string.Create(CultureInfo.InvariantCulture, $"{left.TotalSeconds:0} s left"),
                    Math.Min(99, (int)(100 * (1 - (left / scope.Request.DrainTime)))));
            }

            TimeSpan step = left < Tick ? left : Tick;
            await Task.Delay(step, scope.Clock, cancellationToken).ConfigureAwait(false);
            left -= step;
        }

        if (shown)
        {
            scope.Gate.Progress("Draining", "Done", 100);
        }
    }

    private async Task UndoAsync()
    {
        using CancellationTokenSource limit = new(UndoLimit);
        foreach (Task undo in _undo.Select(undo => undo(limit.Token)).ToArray())
        {
            try
            {
                await undo.ConfigureAwait(false);
            }
            catch (Exception e) when (e is MeshException or OperationCanceledException)
            {
                // What could not be put back in time stays drained; a second run finds it so, and New-MeshVmApp mends
                // it.
            }
        }
    }
}
