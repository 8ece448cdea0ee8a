using System.Globalization;

namespace HybridMesh.Core;

/// <summary>One run of a shift's steps, from the marker it is given to the end, whatever that is.</summary>
internal sealed class ShiftRun
{
    /// <summary>How long restoring may take, once nobody waits for it any more.</summary>
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(15);

    /// <summary>How long a stopped command waits for it: Ctrl+C ends within a second.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(600);

    private readonly ShiftState _state;
    private readonly ShiftEvents _events;
    private readonly TimeProvider _clock;
    private readonly MeshSubsets _subsets;
    private readonly RouteWeights _route;
    private readonly ShiftStepCheck _check;
    private TrafficShiftMarker _marker;
    private Task _write = Task.CompletedTask;

    public ShiftRun(
        MeshSession session, ShiftState state, TrafficShiftMarker marker, RouteWeights route, MeshSubsets subsets,
        TrafficMeasurement measurement, TimeProvider clock, ShiftEvents events)
    {
        _state = state;
        _marker = marker;
        _route = route;
        _subsets = subsets;
        _clock = clock;
        _events = events;
        _check = new(session, measurement, clock, events, new ShiftJudge(marker.Check, Gaining(marker)));
    }

    /// <summary>Runs the steps from the marker's own on.</summary>
    /// <param name="enter">Writes the weights of the marker's step.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="MeshException">
    /// ShiftRolledBack or ShiftOvertaken after the step that says so; any other failure after the weights are restored.
    /// </exception>
    public async Task RunAsync(
        Func<TrafficShiftMarker, CancellationToken, Task> enter, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                TrafficShiftMarker entered = _marker;
                long start = _clock.GetTimestamp();
                await WriteAsync(token => enter(entered, token), cancellationToken).ConfigureAwait(false);
                if (!await StepAsync(start, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                _marker = entered with { Step = entered.Step + 1 };
                enter = (to, token) => _state.AdvanceAsync(entered, to, dryRun: false, token);
            }
        }
        catch (MeshException e) when (e.Code is MeshErrorCode.ShiftRolledBack or MeshErrorCode.ShiftOvertaken
            or MeshErrorCode.ShiftUnderWay)
        {
            throw;
        }
        catch (Exception e)
        {
            Task<MeshException?> restore = Task.Run(RestoreAsync, CancellationToken.None);
            if (cancellationToken.IsCancellationRequested)
            {
                // On Ctrl+C nobody may be kept waiting, but the weights must go back: that may outlive the command.
                await Task.WhenAny(restore, Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false);
                throw;
            }

            if (await restore.ConfigureAwait(false) is { } failure)
            {
                throw new MeshException(
                    failure.Code,
                    $"{e.Message} The weights from before ({_marker.Before}) could not be restored: "
                        + $"{failure.Message} Undo-TrafficShift {_route.VirtualService} tries it again.",
                    _route.VirtualService, e);
            }

            throw;
        }
    }

    // A write is not cut off by Ctrl+C: whether the server has done it could not be told then.
    private Task WriteAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _write = Task.Run(
            async () =>
            {
                using CancellationTokenSource limit = new(RestoreLimit);
                await write(limit.Token).ConfigureAwait(false);
            },
            CancellationToken.None);
        return _write.WaitAsync(cancellationToken);
    }

    /// <summary>Puts back the weights from before; what kept it from doing so, if anything.</summary>
    private async Task<MeshException?> RestoreAsync()
    {
        using CancellationTokenSource limit = new(RestoreLimit);
        try
        {
            // Whether the write under way succeeded, restoring finds out by itself.
            await Task.WhenAny(_write).ConfigureAwait(false);
            await _state.EndAsync(_marker, _marker.Before, force: false, dryRun: false, limit.Token)
                .ConfigureAwait(false);
            return null;
        }
        catch (MeshException e)
        {
            // Weights that are not this shift's are not its to restore: nothing was written, or others wrote since.
            return e.Code == MeshErrorCode.ShiftOvertaken ? null : e;
        }
        catch (OperationCanceledException e)
        {
            return new MeshException(
                MeshErrorCode.TimedOut,
                string.Create(CultureInfo.InvariantCulture, $"It took longer than {RestoreLimit.TotalSeconds:0} s."),
                _route.VirtualService, e);
        }
    }

    /// <summary>Measures and judges the step in force; whether another one follows.</summary>
    private async Task<bool> StepAsync(long start, CancellationToken cancellationToken)
    {
        bool last = _marker.Step == _marker.Steps.Count;
        ShiftStepOutcome outcome =
            await _check.RunAsync(_route, _marker, Rows, cancellationToken).ConfigureAwait(false);
        TrafficShiftStep step = new()
        {
            Namespace = _route.Namespace,
            VirtualService = _route.VirtualService,
            Route = _route.Route,
            Step = _marker.Step,
            Steps = _marker.Steps.Count,
            Header = _marker.State.ByHeader?.Headers,
            Weights = Rows(_marker.Weights),
            PreviousWeights = Rows(_marker.StateOf(_marker.Step - 1).Weights),
            Verdict = outcome.Verdict,
            Action = last ? ShiftAction.Completed : ShiftAction.Passed,
            Reason = outcome.Judgement.Reason,
            ErrorPercent = (outcome.Result ?? outcome.Others) is { } measured
                ? StepMeasures.ErrorRate(measured) * 100 : null,
            P99 = outcome.Judgement.P99,
            Measurement = outcome.Result,
            MeasurementWithoutHeader = outcome.Others,
            Elapsed = _clock.GetElapsedTime(start),
        };
        if (outcome.Judgement.Passed && !last)
        {
            await CheckAsync(step, cancellationToken).ConfigureAwait(false);
            await _events.Output(step).ConfigureAwait(false);
            return true;
        }

        await EndAsync(step, outcome.Judgement.Passed, cancellationToken).ConfigureAwait(false);
        return false;
    }

    // A foreign edit is found before the step is told to have held, not only by the next write.
    private async Task CheckAsync(TrafficShiftStep step, CancellationToken cancellationToken)
    {
        try
        {
            await _state.AdvanceAsync(_marker, _marker, dryRun: true, cancellationToken).ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.ShiftOvertaken)
        {
            await OvertakenAsync(step, e, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(TrafficShiftStep step, bool passed, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(
                token => _state.EndAsync(
                    _marker, passed ? _marker.State : _marker.Before, force: false, dryRun: false, token),
                cancellationToken).ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.ShiftOvertaken)
        {
            await OvertakenAsync(step, e, cancellationToken).ConfigureAwait(false);
        }

        await _events.Output(passed ? step : step with { Action = ShiftAction.RolledBack }).ConfigureAwait(false);
        if (!passed)
        {
            throw new MeshException(
                MeshErrorCode.ShiftRolledBack,
                $"Step {step.Step} of {step.Steps} on {_route.Label} did not hold, and the weights from before the "
                    + $"shift ({_marker.Before}) are back. {step.Reason}",
                _route.VirtualService);
        }
    }

    private async Task OvertakenAsync(TrafficShiftStep step, MeshException error, CancellationToken cancellationToken)
    {
        await _state.AbandonAsync(_marker, cancellationToken).ConfigureAwait(false);
        await _events.Output(step with { Action = ShiftAction.Overtaken, Reason = error.Message })
            .ConfigureAwait(false);
        throw error;
    }

    private IReadOnlyList<TrafficWeight> Rows(IReadOnlyList<RouteWeight> weights) =>
        TrafficShiftReader.Rows(_route with { Destinations = weights }, _subsets);

    private HashSet<string> Gaining(TrafficShiftMarker marker)
    {
        SplitExpectation before = SplitExpectation.FromWeights(ShiftStepCheck.Shares(Rows(marker.Original)));
        SplitExpectation after = SplitExpectation.FromWeights(ShiftStepCheck.Shares(Rows(marker.Steps[^1])));
        return [.. after.Versions.Where(version => after[version] > before[version] + 1e-9)];
    }
}
