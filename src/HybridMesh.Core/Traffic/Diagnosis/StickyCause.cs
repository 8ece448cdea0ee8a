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

    /// <summary>Answers that keep to those before them by less than this are as good as drawn.</summary>
    private const double LeastUneven = 0.1;

    // Connections and hops are held against meshes that may change, all answers and connections against one that may
    // not.
    private const int Tests = 4;

    /// <summary>
    /// The diagnosis; null for none. Four tests look at the answers, so each has a quarter of Alpha: a mesh that draws
    /// each request is blamed with a probability of Alpha at most.
    /// </summary>
    public static TrafficDiagnosis? Find(SplitEvidence evidence) =>
        evidence.IsBehindApps && IsKept(evidence.Hops, evidence.Alpha)
            ? StickyText.Hops(evidence)
            : !evidence.NewConnection && IsKept(evidence.Connections, evidence.Alpha)
            ? StickyText.Connections(evidence)
            : OneVersion(evidence) is { } version && Chance(evidence, version) >= LeastChance
            ? StickyText.OneVersion(evidence, version, Chance(evidence, version))
            : evidence.RouteChanged == false && IsUneven(evidence) ? StickyText.Renewed(evidence) : null;

    /// <summary>
    /// Whether answers that an app fetched are no draws of a mesh that stays as it is: now one version prevails, now
    /// another. An app does this that keeps some connections and renews them now and then, each stuck with a version.
    /// </summary>
    public static bool IsUneven(SplitEvidence evidence) =>
        evidence is { IsBehindApps: true, Verdict: not Verdict.Consistent }
        && (IsUneven(evidence, evidence.Whole) || IsUneven(evidence, evidence.Connections));

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

    /// <summary>The part of pairs that would be of one version, were the shares those observed all the time.</summary>
    public static double Alike(SplitEvidence evidence) =>
        evidence.Observed.Values.Sum(count => Math.Pow((double)count / evidence.Answers, 2));

    private static bool IsKept(VersionRuns runs, double alpha) =>
        runs.PValue < alpha / Tests && runs.Kept >= LeastKept;

    private static bool IsUneven(SplitEvidence evidence, VersionRuns runs) =>
        runs.PValueIfSteady < evidence.Alpha / Tests && Alike(evidence) is var alike
        && runs.Same - (alike * runs.Pairs) >= LeastUneven * (1 - alike) * runs.Pairs;
}
