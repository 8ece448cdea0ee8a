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
        TrafficDiagnosis? sticky = StickyCause.Find(evidence);
        if (evidence.Verdict == Verdict.Consistent)
        {
            // Connections that happen to bring the right shares are no right split: the next run brings others.
            return sticky is null ? [] : [sticky];
        }

        // Answers that depend on each other are no sample: what their shares fit says nothing.
        EndpointFit? fit = sticky is null ? EndpointFit.Of(evidence) : null;
        TrafficDiagnosis? host = HostCause.Find(evidence, fit);
        TrafficDiagnosis? port = PortCause.Find(evidence, fit, sticky is not null);
        TrafficDiagnosis?[] found =
        [
            EmptySubsetCause.Find(evidence),
            host,
            port,
            sticky,
            host is null && port is null ? WeightCause.Find(evidence, fit) : null,
            EndpointWeightCause.Find(evidence, fit),
            .. VersionCause.Find(evidence),
            ReachCause.Find(evidence),
        ];
        TrafficDiagnosis[] causes = [.. found.OfType<TrafficDiagnosis>()];
        return causes.Length > 0 || evidence.Verdict == Verdict.Undecided ? causes : [UnknownCause.Of(evidence)];
    }
}
