using System.Globalization;

namespace HybridMesh.Core;

/// <summary>What a measurement tells while it runs.</summary>
/// <param name="Verbose">Takes decisions and endpoints.</param>
/// <param name="Warning">Takes what the user should act on.</param>
/// <param name="Progress">Takes the part done in percent and a sentence, twice a second.</param>
public sealed record MeasurementEvents(Action<string> Verbose, Action<string> Warning, Action<int, string> Progress);

/// <summary>Sends requests and judges how they were split among versions.</summary>
/// <param name="generator">Sends the requests.</param>
/// <param name="clock">The clock.</param>
public sealed class TrafficMeasurement(ILoadGenerator generator, TimeProvider clock)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>Measures a split.</summary>
    /// <param name="session">The mesh; null when <see cref="TrafficShiftRequest.NeedsMesh"/> is false.</param>
    /// <param name="ns">The namespace of the VirtualService; null without a session.</param>
    /// <param name="request">What to measure.</param>
    /// <param name="events">What to tell meanwhile.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="MeshException">
    /// ArgumentInvalid, ObjectNotFound, Ambiguous or EntryNotFound before anything is sent; MeasurementFailed when no
    /// answer could be had or attributed.
    /// </exception>
    public async Task<TrafficShiftResult> RunAsync(
        MeshSession? session, string? ns, TrafficShiftRequest request, MeasurementEvents events,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(events);
        request.Validate();
        SplitPlan plan = await SplitPlanner.PlanAsync(session, ns, request, cancellationToken).ConfigureAwait(false);
        int needed =
            SplitJudgement.Needed(plan.Expected, request.Alpha, request.Tolerance, request.UntilDecided);
        int? wanted = request.Count ?? (request.Duration is null ? needed : null);
        Tell(plan, wanted, needed, request, events);

        EarlyDecision? early = request.UntilDecided ? new(plan.Expected, request.Alpha) : null;
        AnswerEvidence evidence = EvidenceReader.Begin(plan, request);
        TrafficTally tally = new(plan.Attribution, wanted, early, evidence);
        LoadReport report = await SendAsync(
            LoadPlanner.Plan(plan, request), tally, wanted, request, events, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        SplitEvidence seen = EvidenceReader.Read(plan, request, tally, evidence);
        RequireAnswers(plan, tally, seen);
        Warn(plan, request, tally, report, events);
        TrafficShiftResult result = Result(plan, request, tally, needed, early, report);
        seen = seen with { Verdict = result.Verdict };
        if (session is not null && StickyCause.IsUneven(seen))
        {
            bool? changed =
                await SplitPlanner.HasChangedAsync(session, plan, cancellationToken).ConfigureAwait(false);
            seen = seen with { RouteChanged = changed };
        }

        return result with { Diagnosis = SplitDiagnosis.Of(seen) };
    }

    private async Task<LoadReport> SendAsync(
        LoadPlan load, TrafficTally tally, int? wanted, TrafficShiftRequest request, MeasurementEvents events,
        CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        Task<LoadReport> run = generator.RunAsync(load, tally, cancellationToken);
        while (await Task.WhenAny(run, Task.Delay(Beat, clock, cancellationToken)).ConfigureAwait(false) != run
            && !cancellationToken.IsCancellationRequested)
        {
            TimeSpan elapsed = clock.GetElapsedTime(start);
            double done = Math.Max(
                wanted is { } count ? (double)tally.Attributed / count : 0,
                request.Duration is { } duration ? elapsed / duration : 0);
            events.Progress(
                (int)Math.Clamp(done * 100, 0, 99),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{tally.Attributed:N0}{(wanted is { } all ? $" of {Text(all)}" : "")} answers, "
                    + $"{tally.Requests / elapsed.TotalSeconds:N0} requests/s"));
        }

        return await run.ConfigureAwait(false);
    }

    private static void Tell(
        SplitPlan plan, int? wanted, int needed, TrafficShiftRequest request, MeasurementEvents events)
    {
        if (plan.Route is { } route)
        {
            events.Verbose(
                $"VirtualService {plan.Namespace}/{route.VirtualService}, route '{route.Label}': expecting "
                + $"{string.Join(", ", plan.Expected.Versions)} = {plan.Expected}.");
        }

        foreach (string defect in plan.Defects)
        {
            events.Warning(defect);
        }

        events.Verbose(string.Create(
            CultureInfo.InvariantCulture,
            $"{(LoadPlanner.IsGrpc(plan.Uri) ? "Calling" : "GET")} {plan.Uri}: "
            + $"{(wanted is { } count ? $"{Text(count)} answers" : "as many as time allows")} over "
            + $"{request.Concurrency} connections{(request.UntilDecided ? " or until decided" : "")}; "
            + $"the verdict needs {needed:N0}."));
    }

    // A text within a text does not get the outer one's culture.
    private static string Text(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static void RequireAnswers(SplitPlan plan, TrafficTally tally, SplitEvidence seen)
    {
        if (tally.Attributed > 0)
        {
            return;
        }

        string sent = $"None of {tally.Requests.ToString(CultureInfo.InvariantCulture)} requests to {plan.Uri} told "
            + "a version";
        string errors = tally.Errors.Count == 0 ? "" : $" {Describe(tally.Errors)}";
        string advice = tally.Unattributed > 0
            ? $" Answers such as '{tally.UnattributedSample}' can't be attributed. {plan.Attribution.Remedy}"
            : tally.Errors.ContainsKey(LoadError.Connect)
            ? " Does anything listen there? Get-MeshConnection shows the ingress address and its ports."
            : "";
        string defects = plan.Defects.Count == 0 ? "" : " " + string.Join(' ', plan.Defects);
        string causes = string.Concat(
            SplitDiagnosis.Of(seen)
                .Where(item => item.Cause != TrafficCause.SubsetWithoutEndpoints || plan.Defects.Count == 0)
                .Select(item => $" {item.Message}{(item.Command is null ? "" : $" Try: {item.Command}")}"));
        throw new MeshException(
            MeshErrorCode.MeasurementFailed, $"{sent}.{errors}{advice}{defects}{causes}", plan.Uri);
    }

    private static void Warn(
        SplitPlan plan, TrafficShiftRequest request, TrafficTally tally, LoadReport report, MeasurementEvents events)
    {
        if (request.Rate is { } rate && (report.Dropped > 0 || report.AchievedRate < 0.95 * rate))
        {
            events.Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"The rate of {rate:0.##} requests/s was not kept: {report.AchievedRate:0.##} were begun, "
                + $"{report.Late:N0} of them late, and {report.Dropped:N0} not at all. The latencies count the wait. "
                + $"More connections (-Concurrency, now {request.Concurrency}) help when the answers are slow."));
        }

        if (tally.Errors.Count > 0)
        {
            events.Warning($"Some requests failed, and only the others are judged. {Describe(tally.Errors)}");
        }

        if (tally.Unattributed > 0)
        {
            events.Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"{tally.Unattributed:N0} answers could not be attributed to a version and are not judged, such as "
                    + $"'{tally.UnattributedSample}'. {plan.Attribution.Remedy}"));
        }
    }

    private static string Describe(IReadOnlyDictionary<LoadError, (int Count, string? Detail)> errors) =>
        string.Join(' ', errors.OrderByDescending(pair => pair.Value.Count).Select(pair => string.Create(
            CultureInfo.InvariantCulture,
            $"{pair.Key}: {pair.Value.Count:N0}"
            + $"{(string.IsNullOrEmpty(pair.Value.Detail) ? "" : $" ({pair.Value.Detail})")}.")));

    private static TrafficShiftResult Result(
        SplitPlan plan, TrafficShiftRequest request, TrafficTally tally, int needed, EarlyDecision? early,
        LoadReport report)
    {
        SplitJudgement judgement =
            SplitJudgement.Of(plan.Expected, tally.Versions, request.Alpha, request.Tolerance, needed, early);
        IReadOnlyDictionary<string, int> failed = tally.Failed;
        return new TrafficShiftResult
        {
            Uri = plan.Uri,
            Namespace = plan.Namespace,
            VirtualService = plan.Route?.VirtualService,
            Route = plan.Route?.Name,
            Versions = [.. judgement.Shares.Select(share => share with
            {
                Errors = failed.GetValueOrDefault(share.Version),
                Latency = report.Groups.GetValueOrDefault(share.Version) ?? new LatencySummary(),
            })],
            Verdict = judgement.Verdict,
            Summary = judgement.Summary,
            IntervalMethod = judgement.IntervalMethod,
            PValue = judgement.PValue,
            PValueMethod = judgement.PValueMethod,
            Power = judgement.Power,
            SequentialP = early?.PValue,
            DecidedAt = early?.DecidedAt,
            StoppedBy = tally.StoppedBy,
            RequestsNeeded = judgement.RequestsNeeded,
            Alpha = request.Alpha,
            Tolerance = request.Tolerance,
            Requests = tally.Requests,
            Attributed = tally.Attributed,
            Unattributed = tally.Unattributed,
            Errors = tally.Errors.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.Count),
            Elapsed = report.Elapsed,
            RequestsPerSecond = report.Elapsed > TimeSpan.Zero ? tally.Requests / report.Elapsed.TotalSeconds : 0,
            Protocol = LoadPlanner.Protocol(plan.Uri, request.HttpVersion),
            ConnectionMode = request.NewConnection ? ConnectionMode.New : ConnectionMode.Kept,
            ConnectionsOpened = report.ConnectionsOpened,
            Retried = report.Retried,
            Rate = request.Rate,
            AchievedRate = report.AchievedRate,
            Late = report.Late,
            Dropped = report.Dropped,
            Latency = report.Latency,
        };
    }
}
