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
    /// <summary>How many answers show that the entry leads to the route.</summary>
    private const int ProbeRequests = 5;

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

        ShiftState shift = new(session, request.Namespace, request.VirtualService);
        JsonObject item = await shift.ReadAsync(cancellationToken).ConfigureAwait(false);
        RouteWeights now = RouteWeights.Choose(item, request.Route);
        if (TrafficShiftMarker.Find(item) is { } other)
        {
            throw shift.UnderWay(other);
        }

        MeshSubsets subsets = await SubsetsAsync(now, cancellationToken).ConfigureAwait(false);
        TrafficShiftMarker marker = Marker(request, item, now, subsets);
        await SplitPlanner.PlanAsync(
            session, request.Namespace,
            request.Check.Measurement with { VirtualService = now.VirtualService, Route = now.Route },
            cancellationToken).ConfigureAwait(false);
        if (await ApproveAsync(shift, marker, now, cancellationToken).ConfigureAwait(false))
        {
            if (!request.Force)
            {
                await ProbeAsync(request, now, subsets, cancellationToken).ConfigureAwait(false);
            }

            await Run(shift, marker, now, subsets).RunAsync(
                (first, token) => shift.BeginAsync(first, dryRun: false, token), cancellationToken)
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
        ShiftState shift = new(session, ns, virtualService);
        JsonObject item = await shift.ReadAsync(cancellationToken).ConfigureAwait(false);
        TrafficShiftMarker left = TrafficShiftMarker.Find(item) ?? throw NotFound(ns, virtualService);
        RouteWeights now = RouteWeights.Choose(item, left.Route);
        RouteState state = RouteState.Read(item, left.Route);
        if (!state.IsSame(left.State))
        {
            throw Changed(
                left, now, state, "Undo-TrafficShift -Force restores the weights from before, or set yours after it");
        }

        // A new identity: were the one who began it still at work, they would stop and leave the weights to us.
        TrafficShiftMarker marker = left with { Id = Guid.NewGuid(), Who = Who(), Check = change(left.Check) };
        marker.Check.Validate();
        MeshSubsets subsets = await SubsetsAsync(now, cancellationToken).ConfigureAwait(false);
        bool approved = await events.Gate.ShouldProcessAsync(
            Target(now), $"go on with the shift of route '{now.Route}' from {left}: {state}").ConfigureAwait(false);
        if (approved)
        {
            await Run(shift, marker, now, subsets).RunAsync(
                (to, token) => shift.AdvanceAsync(left, to, dryRun: false, token), cancellationToken)
                .ConfigureAwait(false);
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
        ShiftState shift = new(session, ns, virtualService);
        JsonObject item = await shift.ReadAsync(cancellationToken).ConfigureAwait(false);
        TrafficShiftMarker marker = TrafficShiftMarker.Find(item) ?? throw NotFound(ns, virtualService);
        RouteWeights now = RouteWeights.Choose(item, marker.Route);
        RouteState state = RouteState.Read(item, marker.Route);
        if (!force && !state.IsSame(marker.State) && !state.IsSame(marker.Before))
        {
            throw Changed(marker, now, state, "-Force overwrites them");
        }

        MeshSubsets subsets = await SubsetsAsync(now, cancellationToken).ConfigureAwait(false);
        RouteState wanted = marker.Before;
        if (events.Gate.WhatIf)
        {
            ObjectChange tried = await shift.EndAsync(marker, wanted, force, dryRun: true, cancellationToken)
                .ConfigureAwait(false);
            wanted = RouteState.Read(tried.After, marker.Route);
        }

        if (!await events.Gate.ShouldProcessAsync(
            Target(now),
            $"undo the shift of route '{now.Route}' ({marker}): "
                + (state.ByHeader is null && wanted.ByHeader is null
                    ? TrafficShiftSetter.Describe(now, now with { Destinations = wanted.Weights })
                    : $"{state} -> {wanted}"))
            .ConfigureAwait(false))
        {
            return null;
        }

        ObjectChange done = await shift.EndAsync(marker, marker.Before, force, dryRun: false, cancellationToken)
            .ConfigureAwait(false);
        RouteWeights after = RouteWeights.Choose(done.After, marker.Route);
        return TrafficShiftReader.Read(done.After, after, subsets, events.Gate.Verbose) with
        {
            PreviousWeights = after.HasSameWeights(now) ? null : TrafficShiftReader.Rows(now, subsets),
            Action = done.Action,
        };
    }

    // A mistyped -Uri would be found by the first step too, but only after that has changed live traffic.
    private async Task ProbeAsync(
        ProgressiveShiftRequest request, RouteWeights now, MeshSubsets subsets, CancellationToken cancellationToken)
    {
        TrafficShiftRequest probe = request.Check.Measurement with
        {
            VirtualService = now.VirtualService,
            Route = now.Route,
            Expect = ShiftStepCheck.Shares(TrafficShiftReader.Rows(now, subsets)),
            Count = ProbeRequests,
            Duration = null,
            UntilDecided = false,
        };
        try
        {
            await new TrafficMeasurement(generator, clock).RunAsync(
                session, request.Namespace, probe, new MeasurementEvents(events.Gate.Verbose, _ => { }, (_, _) => { }),
                cancellationToken).ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.MeasurementFailed)
        {
            throw new MeshException(
                e.Code,
                $"{e.Message} No weight was changed. Where what answers now is broken itself and traffic is to leave "
                    + "it, -Force shifts without asking first.",
                e.ErrorTarget, e);
        }
    }

    private async Task<bool> ApproveAsync(
        ShiftState shift, TrafficShiftMarker marker, RouteWeights now, CancellationToken cancellationToken)
    {
        List<string> path = [$"{marker.Before}"];
        for (int step = 1; step <= marker.Steps.Count; step++)
        {
            RouteState weights = marker.StateOf(step);
            if (events.Gate.WhatIf)
            {
                ObjectChange tried = await shift
                    .BeginAsync(marker with { Step = step }, dryRun: true, cancellationToken).ConfigureAwait(false);
                weights = RouteState.Read(tried.After, now.Route);
            }

            path.Add($"{weights}");
        }

        string steps = marker.Steps.Count == 1 ? "1 step" : $"{marker.Steps.Count} steps";
        return await events.Gate.ShouldProcessAsync(
            Target(now), $"shift route '{now.Route}' in {steps}: {string.Join(" -> ", path)}").ConfigureAwait(false);
    }

    private TrafficShiftMarker Marker(
        ProgressiveShiftRequest request, JsonObject item, RouteWeights now, MeshSubsets subsets)
    {
        WeightPlan plan = new(now, subsets, "Step");
        HashSet<string> warnings = [];
        List<RouteWeights> steps = [];
        List<IReadOnlyDictionary<string, string>?> headers = [];
        foreach (ShiftStepRequest step in request.Steps)
        {
            steps.Add(plan.Share(step.Shares));
            EmptySubsets.Refuse(steps[^1], subsets, request.Force, text => warnings.Add(text));
            headers.Add(step.ReadHeaders(request.Check.Measurement.Headers));
            if (headers[^1] is { } told)
            {
                HeaderRoutes.Refuse(item, now, told);
            }
        }

        warnings.ToList().ForEach(events.Gate.Warning);
        return new()
        {
            Id = Guid.NewGuid(),
            Route = now.Route,
            Original = now.Destinations,
            OriginalByHeader = HeaderRoutes.Find(item, now),
            Steps = [.. steps.Select(step => step.Destinations)],
            StepHeaders = headers.Exists(told => told is not null) ? headers : null,
            Check = request.Check,
            Step = 1,
            Started = clock.GetUtcNow(),
            Who = Who(),
        };
    }

    private ShiftRun Run(ShiftState shift, TrafficShiftMarker marker, RouteWeights route, MeshSubsets subsets) =>
        new(session, shift, marker, route, subsets, new TrafficMeasurement(generator, clock), clock, events);

    private Task<MeshSubsets> SubsetsAsync(RouteWeights route, CancellationToken cancellationToken) =>
        MeshSubsets.ReadAsync(session, route.Namespace, TrafficShiftReader.Hosts(route), cancellationToken);

    private string Target(RouteWeights route) =>
        $"{ObjectName.Of("VirtualService", route.Namespace, route.VirtualService)} on the "
            + $"{session.NameOf(MeshPlane.Control)}";

    private static string Who() => $"{Environment.UserName}@{Environment.MachineName}";

    private static MeshException NotFound(string ns, string virtualService) => new(
        MeshErrorCode.ShiftNotFound,
        $"No progressive shift is marked as under way on VirtualService {ns}/{virtualService}: none was begun, or it "
            + "ended. Invoke-TrafficShift begins one.",
        virtualService);

    private static MeshException Changed(
        TrafficShiftMarker marker, RouteWeights now, RouteState state, string remedy) => new(
        MeshErrorCode.ShiftOvertaken,
        $"Another writer changed {now.Label}: it has {state}, where the shift ({marker}) had set {marker.State}. "
            + $"{remedy}; before the shift it had {marker.Before}.",
        now.VirtualService);
}
