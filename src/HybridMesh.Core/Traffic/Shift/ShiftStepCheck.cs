namespace HybridMesh.Core;

/// <summary>What a step's measurements said.</summary>
/// <param name="Judgement">Whether it holds.</param>
/// <param name="Verdict">What the answers said about the split.</param>
/// <param name="Result">The requests the step is for; null when nothing could be measured.</param>
/// <param name="Others">
/// The requests without the step's headers; null when it is for all, or none were measured.
/// </param>
internal sealed record ShiftStepOutcome(
    ShiftJudgement Judgement, Verdict Verdict, TrafficShiftResult? Result, TrafficShiftResult? Others);

/// <summary>Waits until a step's weights are in force, measures and judges it.</summary>
/// <param name="session">The mesh.</param>
/// <param name="measurement">Measures.</param>
/// <param name="clock">The clock.</param>
/// <param name="events">Takes what is seen.</param>
/// <param name="judge">Judges all steps of the shift.</param>
internal sealed class ShiftStepCheck(
    MeshSession session, TrafficMeasurement measurement, TimeProvider clock, ShiftEvents events, ShiftJudge judge)
{
    /// <summary>Checks the step in force.</summary>
    /// <param name="route">The route.</param>
    /// <param name="marker">The step in force.</param>
    /// <param name="rows">Tells the versions of weights.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public async Task<ShiftStepOutcome> RunAsync(
        RouteWeights route, TrafficShiftMarker marker,
        Func<IReadOnlyList<RouteWeight>, IReadOnlyList<TrafficWeight>> rows, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string>? headers = marker.State.ByHeader?.Headers;
        RouteState before = marker.StateOf(marker.Step - 1);
        IReadOnlyList<TrafficWeight> weights = rows(marker.Weights);
        ShiftCheck check = Expecting(marker.Check, route, weights, headers);
        string name = $"Step {marker.Step} of {marker.Steps.Count}";
        int done = (marker.Step - 1) * 100 / marker.Steps.Count;
        events.Progress(done, $"{name}: waiting for {string.Join(", ", weights)}");
        bool settled = await new ShiftSettling(measurement, clock).WaitAsync(
            session, route.Namespace, SplitExpectation.FromWeights(Shares(rows(before.For(headers)))), check,
            events.Gate.Verbose, cancellationToken).ConfigureAwait(false);
        TrafficShiftResult? others = null;
        try
        {
            if (headers is not null)
            {
                // Nobody else may see what the headers ask for.
                string without = $"without {HeaderRoute.Text(headers)}";
                ShiftCheck rest = Expecting(marker.Check, route, rows(marker.State.Weights), null);
                others = await MeasureAsync(rest, $"{name}, requests {without}").ConfigureAwait(false);
                if (judge.JudgeOthers(others, settled) is { Passed: false } wrong)
                {
                    return new(
                        wrong with { Reason = $"Requests {without}: {wrong.Reason}" }, others.Verdict, null, others);
                }
            }

            TrafficShiftResult result = await MeasureAsync(check, name).ConfigureAwait(false);
            ShiftJudgement judgement = judge.Judge(result, settled);
            return new(Explained(judgement, settled, route, headers, others), result.Verdict, result, others);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.MeasurementFailed)
        {
            return new(new ShiftJudgement(Passed: false, e.Message, P99: null), Verdict.Undecided, null, others);
        }

        Task<TrafficShiftResult> MeasureAsync(ShiftCheck what, string title) => measurement.RunAsync(
            session, route.Namespace, what.Measurement,
            new MeasurementEvents(
                events.Gate.Verbose, events.Gate.Verbose,
                (percent, text) => events.Progress(done + (percent / marker.Steps.Count), $"{title}: {text}")),
            cancellationToken);
    }

    // The measurement of the requests with these headers, or of all for null.
    private static ShiftCheck Expecting(
        ShiftCheck check, RouteWeights route, IReadOnlyList<TrafficWeight> weights,
        IReadOnlyDictionary<string, string>? headers)
    {
        TrafficShiftRequest asked = check.Measurement;
        return check with
        {
            Measurement = asked with
            {
                Count = asked.Count ?? (asked.Duration is null ? Needed(check, weights) : null),
                VirtualService = route.VirtualService,
                Route = headers is null ? route.Route : HeaderRoutes.NameFor(route),
                Headers = headers is null ? asked.Headers : asked.Headers.Concat(headers)
                    .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase),
                Expect = Shares(weights),
                UntilDecided = true,
            },
        };
    }

    // One version alone is judged by a few dozen answers, which is too few for a 99th percentile.
    private static int Needed(ShiftCheck check, IReadOnlyList<TrafficWeight> weights)
    {
        int needed = SplitJudgement.Needed(
            SplitExpectation.FromWeights(Shares(weights)), check.Measurement.Alpha, check.Measurement.Tolerance,
            untilDecided: true);
        bool latency = check.Limits is { MaxP99: not null } or { MaxP99Ratio: not null };
        return latency ? Math.Max(needed, StepMeasures.EnoughForP99 * 5) : needed;
    }

    private static ShiftJudgement Explained(
        ShiftJudgement judgement, bool settled, RouteWeights route, IReadOnlyDictionary<string, string>? headers,
        TrafficShiftResult? others)
    {
        if (headers is null)
        {
            return judgement;
        }

        string reason = $"With {HeaderRoute.Text(headers)}: {judgement.Reason}";
        return judgement with
        {
            Reason = judgement.Passed ? $"{reason} Without: {others?.Summary}" : settled ? reason
                : $"{reason} A proxy can match only the headers it gets: every app between -Uri and "
                    + $"{string.Join(", ", TrafficShiftReader.Hosts(route).Select(host => host.FullName))} must pass "
                    + $"{string.Join(", ", headers.Keys)} on.",
        };
    }

    /// <summary>The shares of weights, per version.</summary>
    public static IReadOnlyList<KeyValuePair<string, double>> Shares(IReadOnlyList<TrafficWeight> weights) =>
        [.. weights.Select(item => KeyValuePair.Create(item.Version, (double)item.Weight))];
}
