namespace HybridMesh.Core;

/// <summary>One run of a shift's steps, from the marker it is given to the end, whatever that is.</summary>
internal sealed class ShiftRun
{
    /// <summary>How long restoring may take, once nobody waits for it any more.</summary>
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(15);

    /// <summary>How long a stopped command waits for it: Ctrl+C ends within a second.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(600);

    private readonly MeshSession _session;
    private readonly ShiftState _state;
    private readonly ShiftEvents _events;
    private readonly TrafficMeasurement _measurement;
    private readonly TimeProvider _clock;
    private readonly MeshSubsets _subsets;
    private readonly RouteWeights _route;
    private readonly ShiftJudge _judge;
    private TrafficShiftMarker _marker;
    private Task _write = Task.CompletedTask;

    public ShiftRun(
        MeshSession session, ShiftState state, TrafficShiftMarker marker, RouteWeights route, MeshSubsets subsets,
        TrafficMeasurement measurement, TimeProvider clock, ShiftEvents events)
    {
        _session = session;
        _state = state;
        _marker = marker;
        _route = route;
        _subsets = subsets;
        _measurement = measurement;
        _clock = clock;
        _events = events;
        _judge = new ShiftJudge(marker.Check, Gaining(marker));
    }

    /// <summary>Runs the steps from the marker's own on.</summary>
    /// <param name="enter">Writes the weights of the marker's step.</param>
    /// <param name="previous">The weights in force before that.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="MeshException">
    /// ShiftRolledBack or ShiftOvertaken after the step that says so; any other failure after the weights are restored.
    /// </exception>
    public async Task RunAsync(
        Func<TrafficShiftMarker, CancellationToken, Task> enter, IReadOnlyList<RouteWeight> previous,
        CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                TrafficShiftMarker entered = _marker;
                long start = _clock.GetTimestamp();
                await WriteAsync(token => enter(entered, token), cancellationToken).ConfigureAwait(false);
                if (!await StepAsync(previous, start, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                previous = entered.Weights;
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
                    $"{e.Message} The weights from before ({ShiftState.Text(_marker.Original)}) could not be restored: "
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
            await _state.EndAsync(_marker, _marker.Original, force: false, dryRun: false, limit.Token)
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
                MeshErrorCode.TimedOut, $"It took longer than {RestoreLimit.TotalSeconds:0} s.", _route.VirtualService, e);
        }
    }

    /// <summary>Measures and judges the step in force; whether another one follows.</summary>
    private async Task<bool> StepAsync(
        IReadOnlyList<RouteWeight> previous, long start, CancellationToken cancellationToken)
    {
        bool last = _marker.Step == _marker.Steps.Count;
        IReadOnlyList<TrafficWeight> weights = Rows(_marker.Weights);
        TrafficShiftStep step = new()
        {
            Namespace = _route.Namespace,
            VirtualService = _route.VirtualService,
            Route = _route.Route,
            Step = _marker.Step,
            Steps = _marker.Steps.Count,
            Weights = weights,
            Verdict = Verdict.Undecided,
            Action = last ? ShiftAction.Completed : ShiftAction.Passed,
            Reason = "",
            Elapsed = TimeSpan.Zero,
        };
        (TrafficShiftResult? result, ShiftJudgement judgement) =
            await MeasureAsync(weights, Rows(previous), cancellationToken).ConfigureAwait(false);
        step = step with
        {
            Verdict = result?.Verdict ?? Verdict.Undecided,
            Reason = judgement.Reason,
            ErrorPercent = result is null ? null : StepMeasures.ErrorRate(result) * 100,
            P99 = judgement.P99,
            Measurement = result,
            Elapsed = _clock.GetElapsedTime(start),
        };
        if (judgement.Passed && !last)
        {
            await CheckAsync(step, cancellationToken).ConfigureAwait(false);
            await _events.Output(step).ConfigureAwait(false);
            return true;
        }

        await EndAsync(step, judgement.Passed, cancellationToken).ConfigureAwait(false);
        return false;
    }

    private async Task<(TrafficShiftResult? Result, ShiftJudgement Judgement)> MeasureAsync(
        IReadOnlyList<TrafficWeight> weights, IReadOnlyList<TrafficWeight> previous, CancellationToken cancellationToken)
    {
        TrafficShiftRequest asked = _marker.Check.Measurement;
        ShiftCheck check = _marker.Check with
        {
            Measurement = asked with
            {
                Count = asked.Count ?? (asked.Duration is null ? Needed(weights) : null),
                VirtualService = _route.VirtualService,
                Route = _route.Name,
                Expect = Shares(weights),
                UntilDecided = true,
            },
        };
        string name = $"Step {_marker.Step} of {_marker.Steps.Count}";
        int done = (_marker.Step - 1) * 100 / _marker.Steps.Count;
        _events.Progress(done, $"{name}: waiting for {string.Join(", ", weights)}");
        bool settled = await new ShiftSettling(_measurement, _clock).WaitAsync(
            _session, _route.Namespace, SplitExpectation.FromWeights(Shares(previous)), check, _events.Gate.Verbose,
            cancellationToken).ConfigureAwait(false);
        try
        {
            TrafficShiftResult result = await _measurement.RunAsync(
                _session, _route.Namespace, check.Measurement,
                new MeasurementEvents(
                    _events.Gate.Verbose, _events.Gate.Verbose,
                    (percent, text) => _events.Progress(done + (percent / _marker.Steps.Count), $"{name}: {text}")),
                cancellationToken).ConfigureAwait(false);
            return (result, _judge.Judge(result, settled));
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.MeasurementFailed)
        {
            return (null, new ShiftJudgement(Passed: false, e.Message, P99: null));
        }
    }

    // One version alone is judged by a few dozen answers, which is too few for a 99th percentile.
    private int Needed(IReadOnlyList<TrafficWeight> weights)
    {
        TrafficShiftRequest asked = _marker.Check.Measurement;
        int needed = SplitJudgement.Needed(
            SplitExpectation.FromWeights(Shares(weights)), asked.Alpha, asked.Tolerance, untilDecided: true);
        bool latency = _marker.Check.Limits is { MaxP99: not null } or { MaxP99Ratio: not null };
        return latency ? Math.Max(needed, StepMeasures.EnoughForP99 * 5) : needed;
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
                    _marker, passed ? _marker.Weights : _marker.Original, force: false, dryRun: false, token),
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
                $"Step {step.Step} of {step.Steps} on {_route.Label} did not hold, and the weights from before the shift "
                    + $"({ShiftState.Text(_marker.Original)}) are back. {step.Reason}",
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

    private static IReadOnlyList<KeyValuePair<string, double>> Shares(IReadOnlyList<TrafficWeight> weights) =>
        [.. weights.Select(item => KeyValuePair.Create(item.Version, (double)item.Weight))];

    private HashSet<string> Gaining(TrafficShiftMarker marker)
    {
        SplitExpectation before = SplitExpectation.FromWeights(Shares(Rows(marker.Original)));
        SplitExpectation after = SplitExpectation.FromWeights(Shares(Rows(marker.Steps[^1])));
        return [.. after.Versions.Where(version => after[version] > before[version] + 1e-9)];
    }
}
