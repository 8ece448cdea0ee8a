namespace HybridMesh.Core;

/// <summary>A destination with a weight and no endpoint, whose share comes back as errors.</summary>
internal static class EmptySubsetCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence)
    {
        SplitArm[] empty =
        [
            .. (evidence.Mesh?.Arms ?? []).Where(arm => arm.Destination.Weight > 0 && arm.Endpoints.Count == 0),
        ];
        int failed = evidence.Errors.GetValueOrDefault(LoadError.Http5xx)
            + evidence.Errors.GetValueOrDefault(LoadError.Grpc);
        if (empty.Length == 0 || failed == 0)
        {
            return null;
        }

        double weight = empty.Sum(arm => arm.Destination.Weight)
            / (double)evidence.Mesh!.Arms.Sum(arm => arm.Destination.Weight);
        double p = weight >= 1 ? 1 : SplitTest
            .PValue([failed, evidence.Requests - failed], [weight, 1 - weight]).PValue;
        string names = string.Join(", ", empty.Select(arm => arm.Destination.Subset is { } subset
            ? $"subset '{subset}' of {arm.Destination.Host.FullName}" : arm.Destination.Host.FullName));
        string part = SplitEvidence.Percent((double)failed / evidence.Requests);
        return new TrafficDiagnosis
        {
            Cause = TrafficCause.SubsetWithoutEndpoints,
            Message = $"VirtualService {evidence.VirtualService} sends {SplitEvidence.Percent(weight)} to "
                + $"{names}, where no WorkloadEntry or pod stands: the mesh answers that share with errors.",
            Evidence =
            [
                $"{SplitEvidence.Count(failed)} of {SplitEvidence.Count(evidence.Requests)} requests ({part}) "
                    + "were answered "
                    + (p >= evidence.Alpha
                        ? $"by an error, which fits the weight of {SplitEvidence.Percent(weight)} "
                        + $"({SplitEvidence.P(p)})."
                        : $"by an error, which is not the weight of {SplitEvidence.Percent(weight)} "
                        + $"({SplitEvidence.P(p)}): this is not the only cause of errors."),
                .. empty.Select(arm => arm.Others.Count == 0
                    ? $"{arm.Destination.Host.FullName} has no endpoint at all."
                    : $"The endpoints of {arm.Destination.Host.FullName} are "
                        + $"{string.Join(", ", arm.Others.Select(pair => $"{pair.Key} ({pair.Value})"))}."),
            ],
            Command = $"Get-WorkloadEntry{CauseText.Service(evidence, empty[0].Destination.Host)}"
                + $"{CauseText.Namespace(evidence)} | Format-Table Name, Address, Version",
        };
    }
}
