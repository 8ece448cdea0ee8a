namespace HybridMesh.Core;

/// <summary>A destination with a weight and no endpoint, whose share comes back as errors.</summary>
internal static class EmptySubsetCause
{
    /// <summary>
    /// The diagnosis; null for none. Errors far fewer than the weight have another cause or came only for a while, and
    /// are told by <see cref="FindFew"/>.
    /// </summary>
    public static TrafficDiagnosis? Find(SplitEvidence evidence) =>
        Read(evidence) is { } found && !found.IsFewer ? Diagnosis(evidence, found) : null;

    /// <summary>The diagnosis when errors are far fewer than the weight, which may be all there is to say.</summary>
    public static TrafficDiagnosis? FindFew(SplitEvidence evidence) =>
        Read(evidence) is { IsFewer: true } found ? Diagnosis(evidence, found) : null;

    private static Failures? Read(SplitEvidence evidence)
    {
        SplitArm[] empty =
        [
            .. (evidence.Mesh?.Arms ?? []).Where(arm => arm.Destination.Weight > 0 && arm.Endpoints.Count == 0),
        ];

        // An error that tells a version comes from an app, not from the mesh.
        int failed = evidence.Unversioned.GetValueOrDefault(LoadError.Http5xx)
            + evidence.Unversioned.GetValueOrDefault(LoadError.Grpc);
        if (empty.Length == 0 || failed == 0)
        {
            return null;
        }

        double weight = empty.Sum(arm => arm.Destination.Weight)
            / (double)evidence.Mesh!.Arms.Sum(arm => arm.Destination.Weight);
        double p = weight >= 1 ? 1 : SplitTest
            .PValue([failed, evidence.Requests - failed], [weight, 1 - weight]).PValue;
        return new Failures(empty, failed, weight, p, p < evidence.Alpha)
        {
            IsFewer = p < evidence.Alpha && failed < weight * evidence.Requests,
        };
    }

    private static TrafficDiagnosis Diagnosis(SplitEvidence evidence, Failures found)
    {
        string names = string.Join(", ", found.Empty.Select(arm => arm.Destination.Subset is { } subset
            ? $"subset '{subset}' of {arm.Destination.Host.FullName}" : arm.Destination.Host.FullName));
        return new TrafficDiagnosis
        {
            Cause = TrafficCause.SubsetWithoutEndpoints,
            Message = $"VirtualService {evidence.VirtualService} sends {SplitEvidence.Percent(found.Weight)} to "
                + $"{names}, where no WorkloadEntry or pod stands: the mesh answers that share with errors.",
            Evidence =
            [
                Figures(evidence, found),
                .. found.Empty.Select(arm => arm.Others.Count == 0
                    ? $"{arm.Destination.Host.FullName} has no endpoint at all."
                    : $"The endpoints of {arm.Destination.Host.FullName} are "
                        + $"{string.Join(", ", arm.Others.Select(pair => $"{pair.Key} ({pair.Value})"))}."),
            ],
            Command = $"Get-WorkloadEntry{CauseText.Service(evidence, found.Empty[0].Destination.Host)}"
                + $"{CauseText.Namespace(evidence)} | Format-Table Name, Address, Version",
        };
    }

    private static string Figures(SplitEvidence evidence, Failures found)
    {
        string part = SplitEvidence.Percent((double)found.Failed / evidence.Requests);
        string weight = SplitEvidence.Percent(found.Weight);
        string p = SplitEvidence.P(found.PValue);
        return $"{SplitEvidence.Count(found.Failed)} of {SplitEvidence.Count(evidence.Requests)} requests ({part}) "
            + "were answered by an error "
            + (!found.IsOther ? $"that tells no version, which fits the weight of {weight} ({p})."
                : found.IsFewer ? $"that tells no version, fewer than the weight of {weight} ({p}): the subset was "
                + "empty for a part of the time only, or these errors have another cause."
                : $"that tells no version, more than the weight of {weight} ({p}): this is not the only cause of "
                + "errors.");
    }

    /// <summary>Errors that may be those of destinations without endpoints.</summary>
    /// <param name="Empty">These destinations.</param>
    /// <param name="Failed">The errors.</param>
    /// <param name="Weight">The destinations' part of the route's weights.</param>
    /// <param name="PValue">The probability of so odd a number, were they all.</param>
    /// <param name="IsOther">Whether it is too odd.</param>
    private sealed record Failures(
        IReadOnlyList<SplitArm> Empty, int Failed, double Weight, double PValue, bool IsOther)
    {
        /// <summary>Whether there are fewer than they would be.</summary>
        public bool IsFewer { get; init; }
    }
}
