namespace HybridMesh.Core;

/// <summary>Requests that stay with the version their connection was given first.</summary>
internal static class StickyCause
{
    private const int LeastPairs = 20;

    /// <summary>Less than this is drift, such as weights changed meanwhile, and no stickiness.</summary>
    private const double LeastExcess = 0.2;

    public static TrafficDiagnosis? Find(SplitEvidence evidence) =>
        evidence.NewConnection && !evidence.IsBehindApps ? null : ByRuns(evidence) ?? ByOneVersion(evidence);

    private static TrafficDiagnosis? ByRuns(SplitEvidence evidence)
    {
        ConnectionRuns runs = evidence.Runs;
        double[] shares = [.. evidence.Observed.Values.Select(count => (double)count / evidence.Answers)];
        double alike = shares.Sum(share => share * share);
        if (runs.Pairs < LeastPairs || alike >= 1)
        {
            return null;
        }

        // When the whole mesh changes meanwhile, answers of different connections are alike too.
        double within = (double)runs.Same / runs.Pairs;
        double across = runs.CrossPairs < LeastPairs
            ? alike : Math.Max(alike, (double)runs.CrossSame / runs.CrossPairs);
        double p = Tail(runs, shares, alike);
        if (within - across < LeastExcess * (1 - alike) || p >= evidence.Alpha
            || (runs.CrossPairs < LeastPairs && runs.Single < runs.Connections))
        {
            return null;
        }

        bool pinned = runs.Single == runs.Connections;
        return Diagnosis(
            evidence,
            pinned
                ? $"Each of {SplitEvidence.Count(runs.Connections)} connections was always answered by the same "
                + "version: the mesh chooses a version per connection, not per request."
                : "Requests of one connection mostly stay with one version: the mesh, or an app on the way, "
                + "chooses a version per connection, not per request.",
            $"{SplitEvidence.Count(runs.Same)} of {SplitEvidence.Count(runs.Pairs)} answers were of the version "
                + "before them on "
                + $"their connection ({SplitEvidence.Percent(within)}); were each request drawn, it would be "
                + $"{SplitEvidence.Percent(alike)} ({SplitEvidence.P(p)}).");
    }

    // All answers of one version tell nothing of connections by themselves; but weights that are in force per request
    // would not bring them, and one connection kept further in would.
    private static TrafficDiagnosis? ByOneVersion(SplitEvidence evidence)
    {
        string[] answering = [.. evidence.Observed.Where(pair => pair.Value > 0).Select(pair => pair.Key)];
        bool others = evidence.Mesh is { } mesh && mesh.Arms.Any(arm =>
            arm.Destination.Weight > 0 && arm.Endpoints.Count > 0 && !answering.Contains(arm.Version));
        bool oneConnection = evidence.Runs is { Connections: 1 } && !evidence.NewConnection;
        return evidence.Verdict != Verdict.Inconsistent || answering.Length != 1 || !others
            || evidence.Expected[answering[0]] <= 0 || !(evidence.IsBehindApps || oneConnection)
            ? null
            : Diagnosis(
                evidence,
                oneConnection
                    ? "All requests went over one connection and were answered by one version: a mesh that "
                    + "chooses a version per connection does this."
                    : "All requests were answered by one version: the app before the measured host probably keeps one "
                        + "connection to it, and the mesh chooses a version per connection.",
                $"{SplitEvidence.Count(evidence.Answers)} answers, all of {answering[0]}, of which the route's "
                    + "weights expect "
                    + $"{SplitEvidence.Percent(evidence.Expected[answering[0]])}; the other destinations have "
                    + "endpoints.");
    }

    private static TrafficDiagnosis Diagnosis(SplitEvidence evidence, string message, string sentence)
    {
        AnswerOrigin? origin = evidence.Origins.Where(item => item.Origin.Before is not null)
            .MaxBy(item => item.Answers)?.Origin;
        bool behind = evidence.IsBehindApps && origin is not null;
        return new TrafficDiagnosis
        {
            Cause = TrafficCause.StickyConnection,
            Message = message + " Long-lived connections keep what they were given"
                + (behind
                    ? $"; -NewConnection renews the client's, not those of the app at {origin!.Before}."
                    : "; -NewConnection makes one per request."),
            Evidence =
            [
                sentence,
                .. behind
                    ? [$"The app at {origin!.Before} lies before the measured host: its connections show here as well."]
                    : Array.Empty<string>(),
            ],
            Command = evidence.NewConnection
                ? $"Get-MeshPod{CauseText.Namespace(evidence)} | Where-Object Address -eq '{origin?.Before}'"
                : $"{evidence.Measure}{evidence.Expect} -NewConnection",
        };
    }

    // The number of answers like the one before, were each drawn with the shares observed: normal, with the variance of
    // neighbours that share a draw.
    private static double Tail(ConnectionRuns runs, double[] shares, double alike)
    {
        double cubes = shares.Sum(share => share * share * share);
        double variance = runs.Pairs * ((alike * (1 - alike)) + (2 * (cubes - (alike * alike))));
        double z = (runs.Same - (runs.Pairs * alike)) / Math.Sqrt(Math.Max(variance, 1e-9));
        return z <= 0 ? 1 : GammaFunction.Upper(0.5, z * z / 2) / 2;
    }
}
