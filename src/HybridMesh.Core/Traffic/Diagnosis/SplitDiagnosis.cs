namespace HybridMesh.Core;

/// <summary>
/// Names what makes a split wrong. A cause is named only when the answers and the mesh's objects both speak for it;
/// when none is, that is said with what was looked at.
/// </summary>
internal static class SplitDiagnosis
{
    /// <summary>
    /// The causes, most likely first; none when the split is as expected, unless connections brought that by chance.
    /// </summary>
    public static IReadOnlyList<TrafficDiagnosis> Of(SplitEvidence evidence)
    {
        if (evidence.Verdict != Verdict.Consistent && StraightCause.Find(evidence) is { } straight)
        {
            return [straight];
        }

        TrafficDiagnosis? sticky = StickyCause.Find(evidence);
        if (evidence.Verdict == Verdict.Consistent)
        {
            // Connections that happen to bring the right shares are no right split: the next run brings others.
            return sticky is null ? [] : [sticky];
        }

        // Answers that depend on each other are no sample: what their shares fit says nothing.
        bool independent = sticky is null && evidence.Whole.PValueIfSteady >= evidence.Alpha;
        IReadOnlyList<SplitFit> fits = independent ? SplitFits.Of(evidence) : [];
        SplitFit? fit = SplitFits.Best(evidence, fits);
        TrafficDiagnosis[] causes =
        [
            .. EmptySubsetCause.Find(evidence) is { } empty ? [empty] : Array.Empty<TrafficDiagnosis>(),
            .. Shared(evidence, fits, fit, sticky),
            .. VersionCause.Find(evidence, fit),
            .. ReachCause.Find(evidence) is { } reach ? [reach] : Array.Empty<TrafficDiagnosis>(),
            .. EmptySubsetCause.FindFew(evidence) is { } few ? [few] : Array.Empty<TrafficDiagnosis>(),
        ];
        return causes.Length > 0 || evidence.Verdict == Verdict.Undecided
            ? causes : [UnknownCause.Of(evidence, fits)];
    }

    // Why requests are shared otherwise.
    private static IEnumerable<TrafficDiagnosis> Shared(
        SplitEvidence evidence, IReadOnlyList<SplitFit> fits, SplitFit? fit, TrafficDiagnosis? sticky)
    {
        SplitFit? endpoints = fit is { Kind: FitKind.Endpoints or FitKind.EndpointWeights } ? fit : null;
        TrafficDiagnosis? host = HostCause.Find(evidence, endpoints);
        TrafficDiagnosis? port = PortCause.Find(evidence, endpoints, sticky is not null);
        TrafficDiagnosis?[] found =
        [
            host,
            port,
            sticky,
            RouteCause.Find(evidence, fit),
            host is null && port is null ? WeightCause.Find(evidence, endpoints) : null,
            EndpointWeightCause.Find(evidence, endpoints),
        ];
        string[] rivals = [.. SplitFits.Rivals(evidence, fits)];
        return found.OfType<TrafficDiagnosis>().Select((cause, i) =>
            i > 0 || cause == sticky ? cause : cause with { Evidence = [.. cause.Evidence, .. rivals] });
    }
}
