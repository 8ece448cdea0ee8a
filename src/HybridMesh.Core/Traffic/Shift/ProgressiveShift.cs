using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Moves traffic from version to version in steps, measures each, and goes back by itself.</summary>
/// <param name="session">The mesh.</param>
/// <param name="generator">Sends the requests.</param>
/// <param name="clock">The clock.</param>
/// <param name="events">What it asks and tells.</param>
public sealed class ProgressiveShift(
    MeshSession session, ILoadGenerator generator, TimeProvider clock, ShiftEvents events)
{
    /// <summary>Shifts in steps.</summary>
    /// <exception cref="MeshException">
    /// Before anything is written: what Set-TrafficShift and Measure-TrafficShift refuse, and ShiftUnderWay. Later:
    /// ShiftRolledBack, ShiftOvertaken, or what made it impossible to go on, after the weights are restored.
    /// </exception>
    public async Task InvokeAsync(ProgressiveShiftRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Check.Validate();
        if (request.Steps.Count == 0)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, "-Step names no step; write -Step @{ v2 = 5 }, @{ v2 = 100 }.",
                request.VirtualService);
        }

        ShiftState state = new(session, request.Namespace, request.VirtualService);
        JsonObject item = await state.ReadAsync(cancellationToken).ConfigureAwait(false);
        RouteWeights now = RouteWeights.Choose(item, request.Route);
        if (TrafficShiftMarker.Find(item) is { } other)
        {
            throw state.UnderWay(other);
        }

        MeshSubsets subsets = await SubsetsAsync(now, cancellationToken).ConfigureAwait(false);
        WeightPlan plan = new(now, subsets, "Step");
        RouteWeights[] steps = [.. request.Steps.Select(plan.Share)];
        HashSet<string> warnings = [];
        foreach (RouteWeights step in steps)
        {
            EmptySubsets.Refuse(step, subsets, request.Force, text => warnings.Add(text));
        }

        warnings.ToList().ForEach(events.Gate.Warning);

        await SplitPlanner.PlanAsync(
            session, request.Namespace,
            request.Check.Measurement with { VirtualService = now.VirtualService, Route = now.Name }, cancellationToken)
            .ConfigureAwait(false);
        TrafficShiftMarker marker = Marker(request, now, steps);
        if (await ApproveAsync(state, marker, now, cancellationToken).ConfigureAwait(false))
        {
            await Run(state, marker, now, subsets).RunAsync(
                (first, token) => state.BeginAsync(first, dryRun: false, token), marker.Original, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Goes on with the shift that is marked as under way, from the step whose weights are in force.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="virtualService">The VirtualService.</param>
    /// <param name="change">Changes how the remaining steps are measured and judged.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="MeshException">
    /// ShiftNotFound or ShiftOvertaken at once; later as <see cref="InvokeAsync"/>.
    /// </exception>
    public async Task ResumeAsync(
        string ns, string virtualService, Func<ShiftCheck, ShiftCheck> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ShiftState state = new(session, ns, virtualService);
        JsonObject item = await state.ReadAsync(cancellationToken).ConfigureAwait(false);
        TrafficShiftMarker left = TrafficShiftMarker.Find(item) ?? throw NotFound(ns, virtualService);
        RouteWeights now = RouteWeights.Choose(item, left.Route);
        if (!ShiftState.Same(now, left.Weights))
        {
            throw Changed(left, now, "Undo-TrafficShift -Force restores the weights from before, or set yours after it");
        }

        // A new identity: were the one who began it still at work, they would stop and leave the weights to us.
        TrafficShiftMarker marker = left with { Id = Guid.NewGuid(), Who = Who(), Check = change(left.Check) };
        marker.Check.Validate();
        MeshSubsets subsets = await SubsetsAsync(now, cancellationToken).ConfigureAwait(false);
        bool approved = await events.Gate.ShouldProcessAsync(
            Target(now), $"go on with the shift of route '{now.Route}' from {left}: {now}").ConfigureAwait(false);
        if (approved)
        {
            await Run(state, marker, now, subsets).RunAsync(
                (to, token) => state.AdvanceAsync(left, to, dryRun: false, token),
                left.Step == 1 ? left.Original : left.Steps[left.Step - 2], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Restores the weights from before the shift that is marked as under way; null when not approved.
    /// </summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="virtualService">The VirtualService.</param>
    /// <param name="force">Whether weights that somebody else set since are overwritten.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="MeshException">ShiftNotFound; ShiftOvertaken when somebody else set other weights.</exception>
    public async Task<TrafficShift?> UndoAsync(
        string ns, string virtualService, bool force, CancellationToken cancellationToken)
    {
        ShiftState state = new(session, ns, virtualService);
        JsonObject item = await state.ReadAsync(cancellationToken).ConfigureAwait(false);
        TrafficShiftMarker marker = TrafficShiftMarker.Find(item) ?? throw NotFound(ns, virtualService);
        RouteWeights now = RouteWeights.Choose(item, marker.Route);
        if (!force && !ShiftState.Same(now, marker.Weights) && !ShiftState.Same(now, marker.Original))
        {
            throw Changed(marker, now, "-Force overwrites them");
        }

        MeshSubsets subsets = await SubsetsAsync(now, cancellationToken).ConfigureAwait(false);
        RouteWeights wanted = now with { Destinations = marker.Original };
        if (events.Gate.WhatIf)
        {
            ObjectChange tried = await state.EndAsync(marker, marker.Original, force, dryRun: true, cancellationToken)
                .ConfigureAwait(false);
            wanted = RouteWeights.Choose(tried.After, marker.Route);
        }

        if (!await events.Gate.ShouldProcessAsync(
            Target(now),
            $"undo the shift of route '{now.Route}' ({marker}): {TrafficShiftSetter.Describe(now, wanted)}")
            .ConfigureAwait(false))
        {
            return null;
        }

        ObjectChange done = await state.EndAsync(marker, marker.Original, force, dryRun: false, cancellationToken)
            .ConfigureAwait(false);
        RouteWeights after = RouteWeights.Choose(done.After, marker.Route);
        return TrafficShiftReader.Read(done.After, after, subsets, events.Gate.Verbose) with
        {
            PreviousWeights = after.HasSameWeights(now) ? null : TrafficShiftReader.Rows(now, subsets),
            Action = done.Action,
        };
    }

    private async Task<bool> ApproveAsync(
        ShiftState state, TrafficShiftMarker marker, RouteWeights now, CancellationToken cancellationToken)
    {
        List<string> path = [now.ToString()];
        for (int step = 1; step <= marker.Steps.Count; step++)
        {
            RouteWeights weights = now with { Destinations = marker.Steps[step - 1] };
            if (events.Gate.WhatIf)
            {
                ObjectChange tried = await state.BeginAsync(marker with { Step = step }, dryRun: true, cancellationToken)
                    .ConfigureAwait(false);
                weights = RouteWeights.Choose(tried.After, now.Route);
            }

            path.Add(weights.ToString());
        }

        return await events.Gate.ShouldProcessAsync(
            Target(now),
            $"shift route '{now.Route}' in {marker.Steps.Count} steps: {string.Join(" -> ", path)}")
                .ConfigureAwait(false);
    }

    private TrafficShiftMarker Marker(ProgressiveShiftRequest request, RouteWeights now, RouteWeights[] steps) => new()
    {
        Id = Guid.NewGuid(),
        Route = now.Route,
        Original = now.Destinations,
        Steps = [.. steps.Select(step => step.Destinations)],
        Check = request.Check,
        Step = 1,
        Started = clock.GetUtcNow(),
        Who = Who(),
    };

    private ShiftRun Run(ShiftState state, TrafficShiftMarker marker, RouteWeights route, MeshSubsets subsets) =>
        new(session, state, marker, route, subsets, new TrafficMeasurement(generator, clock), clock, events);

    private Task<MeshSubsets> SubsetsAsync(RouteWeights route, CancellationToken cancellationToken) =>
        MeshSubsets.ReadAsync(session, route.Namespace, TrafficShiftReader.Hosts(route), cancellationToken);

    private string Target(RouteWeights route) =>
        $"{ObjectName.Of("VirtualService", route.Namespace, route.VirtualService)} on the "
            + $"{session.NameOf(MeshPlane.Control)}";

    private static string Who() => $"{Environment.UserName}@{Environment.MachineName}";

    private static MeshException NotFound(string ns, string virtualService) => new(
        MeshErrorCode.ShiftNotFound,
        $"No progressive shift is marked as under way on VirtualService {ns}/{virtualService}: none was begun, or it ended. "
            + "Invoke-TrafficShift begins one.",
        virtualService);

    private static MeshException Changed(TrafficShiftMarker marker, RouteWeights now, string remedy) => new(
        MeshErrorCode.ShiftOvertaken,
        $"Another writer changed {now.Label}: it has {now}, where the shift ({marker}) had set "
            + $"{ShiftState.Text(marker.Weights)}. {remedy}; before the shift it had {ShiftState.Text(marker.Original)}.",
        now.VirtualService);
}
