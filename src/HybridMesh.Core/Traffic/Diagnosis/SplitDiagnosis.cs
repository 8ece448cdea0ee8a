namespace HybridMesh.Core;

/// <summary>
/// Names what makes a split wrong. A cause is named only when the answers and the mesh's objects both speak for it;
/// when none is, that is said with what was looked at.
/// </summary>
internal static class SplitDiagnosis
{
    /// <summary>The causes, most likely first; none when the split is as expected.</summary>
    public static IReadOnlyList<TrafficDiagnosis> Of(SplitEvidence evidence)
    {
        if (evidence.Verdict == Verdict.Consistent)
        {
            return [];
        }

        TrafficDiagnosis? sticky = StickyCause.Find(evidence);

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
        return causes.Length > 0 || evidence.Verdict == Verdict.Undecided ? causes : [Unknown(evidence)];
    }

    private static TrafficDiagnosis Unknown(SplitEvidence evidence)
    {
        List<string> seen = [$"The answers were {evidence.Shares}."];
        if (evidence.NewConnection)
        {
            seen.Add("Each request had a connection of its own, so the client's connections are not the cause.");
        }
        else if (evidence.Runs.Pairs > 0)
        {
            seen.Add($"On a connection, {SplitEvidence.Count(evidence.Runs.Same)} of "
                + $"{SplitEvidence.Count(evidence.Runs.Pairs)} answers were of the version before them, which is "
                + "not enough to call connections sticky.");
        }

        seen.Add(evidence.Mesh is not { } mesh
            ? "Without a VirtualService the mesh's objects were not looked at; name one by -VirtualService."
            : mesh.Endpoints.Count == 0
            ? "No endpoint is known behind the route's destinations."
            : $"Neither equal shares of its {SplitEvidence.Count(mesh.Endpoints.Count)} endpoints nor their own "
            + "weights fit; "
                + "no subset that should answer is empty, and the VirtualService's hosts, gateways and the port's "
                + "protocol do not explain it.");
        return new TrafficDiagnosis
        {
            Cause = TrafficCause.Unknown,
            Message = "What was looked at does not explain this split.",
            Evidence = seen,
            Command = evidence.NewConnection ? null : $"{evidence.Measure}{evidence.Expect} -NewConnection",
        };
    }
}
