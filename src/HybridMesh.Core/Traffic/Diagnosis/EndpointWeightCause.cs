namespace HybridMesh.Core;

/// <summary>WorkloadEntries' weights, which count among the endpoints of one destination, deciding the split.</summary>
internal static class EndpointWeightCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence, SplitFit? fit) =>
        evidence is not { Verdict: Verdict.Inconsistent, Mesh: { } mesh } ? null
        : fit is { Kind: FitKind.EndpointWeights }
        // Of several destinations it is the cause that their weights are not in force.
        ? mesh.Arms.Count == 1 ? Diagnosis(evidence, mesh.Endpoints, null, fit.Evidence) : null
        : mesh.Arms.Select(arm => Within(evidence, mesh, arm)).FirstOrDefault(found => found is not null);

    // Matters to the split only when the endpoints of one destination answer as several versions.
    private static TrafficDiagnosis? Within(SplitEvidence evidence, MeshEvidence mesh, SplitArm arm)
    {
        MeshEndpoint[] endpoints =
        [
            .. arm.Behind.Where(item => arm.Endpoints.ContainsKey(MeshTopology.Canonical(item.Address))),
        ];
        int versions = evidence.Origins
            .Where(item => item.Origin.Address is { } address && arm.Endpoints.ContainsKey(address)
                && item.Version is not null)
            .Select(item => item.Version).Distinct(StringComparer.Ordinal).Count();
        int[] counts = [.. endpoints.Select(item => evidence.AnswersOf(item.Address))];
        double weights = endpoints.Sum(item => (double)item.Weight);
        if (versions < 2 || counts.Sum() == 0 || endpoints.DistinctBy(item => item.Weight).Count() < 2)
        {
            return null;
        }

        double equal = SplitTest.PValue(counts, [.. endpoints.Select(_ => 1.0 / endpoints.Length)]).PValue;
        double fit = SplitTest.PValue(counts, [.. endpoints.Select(item => item.Weight / weights)]).PValue;
        return equal >= evidence.Alpha || fit < evidence.Alpha ? null : Diagnosis(
            evidence, endpoints, arm.Destination.Subset,
            $"The endpoints answered {string.Join(", ", counts.Select(SplitEvidence.Count))} times, which fits "
                + $"their weights ({SplitEvidence.P(fit)}) and not equal shares ({SplitEvidence.P(equal)}).");
    }

    private static TrafficDiagnosis Diagnosis(
        SplitEvidence evidence, IReadOnlyList<MeshEndpoint> endpoints, string? subset, string sentence) => new()
        {
            Cause = TrafficCause.EndpointWeightSkew,
            Message = (subset is null ? "WorkloadEntries share the requests" : $"Inside subset '{subset}' "
                + "WorkloadEntries share the requests")
                + " by their own weights "
                + $"({string.Join(", ", endpoints.Select(item => $"{item.Name} {item.Weight}"))}), which "
                + "count among the endpoints of one destination and are not the route's.",
            Evidence = [sentence, "A pod, and a WorkloadEntry without a weight, weighs 1."],
            Command = CauseText.Patch(
                evidence, "workloadentry", endpoints.MaxBy(item => item.Weight)!.Name, """{"spec":{"weight":1}}"""),
        };
}
