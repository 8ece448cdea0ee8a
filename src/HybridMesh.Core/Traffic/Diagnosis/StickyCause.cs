namespace HybridMesh.Core;

/// <summary>
/// Requests that stay with the version their connection was given first: the client's own connection, or one that an
/// app before the measured host keeps to it. See <see cref="VersionRuns"/> for the test and <see cref="StickyText"/>
/// for what is said.
/// </summary>
internal static class StickyCause
{
    /// <summary>Less than this is no cause of a wrong split.</summary>
    private const double LeastKept = 0.2;

    /// <summary>
    /// When connections would bring one version alone with less than this probability, all traffic being sent there
    /// is the likelier cause.
    /// </summary>
    private const double LeastChance = 0.05;

    /// <summary>
    /// The diagnosis; null for none. Looks at connections and at hops, so each has half of Alpha: a mesh that draws
    /// each request is blamed with a probability of Alpha at most.
    /// </summary>
    public static TrafficDiagnosis? Find(SplitEvidence evidence) =>
        evidence.IsBehindApps && IsKept(evidence.Hops, evidence.Alpha)
            ? StickyText.Hops(evidence)
            : !evidence.NewConnection && IsKept(evidence.Connections, evidence.Alpha)
            ? StickyText.Connections(evidence)
            : OneVersion(evidence) is { } version && Chance(evidence, version) >= LeastChance
            ? StickyText.OneVersion(evidence, version, Chance(evidence, version)) : null;

    /// <summary>
    /// The version that gave all answers, though others have weights and endpoints; null when there is none. That
    /// tells nothing of connections by itself: one of them brings it, or a mesh that sends everything there.
    /// </summary>
    public static string? OneVersion(SplitEvidence evidence)
    {
        string[] answering = [.. evidence.Observed.Where(pair => pair.Value > 0).Select(pair => pair.Key)];
        bool others = evidence.Mesh is { } mesh && mesh.Arms.Any(arm =>
            arm.Destination.Weight > 0 && arm.Endpoints.Count > 0 && !answering.Contains(arm.Version));
        return evidence.Verdict == Verdict.Inconsistent && others && answering is [var only]
            && evidence.Expected[only] > 0 ? only : null;
    }

    /// <summary>
    /// How many connections are known to lead to the measured host: an app's number of them is not, but each app has
    /// one at least.
    /// </summary>
    public static int Connections(SplitEvidence evidence) => evidence.IsBehindApps
        ? evidence.Hops.Keys : evidence.NewConnection ? evidence.Answers : evidence.Connections.Keys;

    /// <summary>The probability that connections, each given a version by the weights, bring this one alone.</summary>
    public static double Chance(SplitEvidence evidence, string version) =>
        Connections(evidence) is var count and > 0 ? Math.Pow(evidence.Expected[version], count) : 0;

    private static bool IsKept(VersionRuns runs, double alpha) => runs.PValue < alpha / 2 && runs.Kept >= LeastKept;
}
