namespace HybridMesh.Core;

/// <summary>What is said when nothing that was looked at explains a split: what it was, and what would tell.</summary>
internal static class UnknownCause
{
    /// <summary>Versions that keep to the one before them by less than this are no change of the mesh.</summary>
    private const double LeastKept = 0.2;

    /// <summary>Fewer answers than this often leave the cause open.</summary>
    private const int Few = 500;

    public static TrafficDiagnosis Of(SplitEvidence evidence, IReadOnlyList<SplitFit> fits) => new()
    {
        Cause = TrafficCause.Unknown,
        Message = "What was looked at does not explain this split.",
        Evidence =
        [
            $"The answers were {evidence.Shares}.",
            .. Connections(evidence),
            .. Changes(evidence),
            .. OneVersion(evidence),
            .. Objects(evidence, fits),
            .. evidence.Answers < Few
                ? [$"{SplitEvidence.Count(evidence.Answers)} answers are few to find a cause by: measure again without "
                    + "-Count and -UntilDecided."]
                : Array.Empty<string>(),
        ],
        Command = evidence.NewConnection ? null : $"{evidence.Measure}{evidence.Expect} -NewConnection",
    };

    private static IEnumerable<string> Connections(SplitEvidence evidence)
    {
        VersionRuns runs = evidence.Connections;
        if (evidence.NewConnection)
        {
            yield return "Each request had a connection of its own, so the client's connections are not the cause.";
        }
        else if (runs.Pairs > 0 && evidence.Observed.Count(pair => pair.Value > 0) > 1)
        {
            yield return $"On a connection, {SplitEvidence.Count(runs.Same)} of {SplitEvidence.Count(runs.Pairs)} "
                + "answers were of the version before them, which is not enough to call connections sticky "
                + $"({SplitEvidence.P(runs.PValue)}).";
        }
    }

    // Answers that change together on all connections are no sample of anything.
    private static IEnumerable<string> Changes(SplitEvidence evidence)
    {
        VersionRuns whole = evidence.Whole;
        double alike = StickyCause.Alike(evidence);
        if (evidence.RouteChanged == true)
        {
            yield return $"VirtualService {evidence.VirtualService} was changed meanwhile. Measure again.";
        }
        else if (whole.Pairs > 0 && whole.PValueIfSteady < evidence.Alpha
            && whole.Same - (alike * whole.Pairs) >= LeastKept * (1 - alike) * whole.Pairs)
        {
            yield return "In the order of the requests the version changed "
                + $"{SplitEvidence.Count(whole.Pairs - whole.Same)} times in {SplitEvidence.Count(whole.Answers)} "
                + "answers, on all connections together: the mesh changed meanwhile, or a connection behind them was "
                + "renewed, or answers were cached. Measure again.";
        }
    }

    private static IEnumerable<string> OneVersion(SplitEvidence evidence)
    {
        if (StickyCause.OneVersion(evidence) is not { } version)
        {
            yield break;
        }

        int count = StickyCause.Connections(evidence);
        yield return $"Sticky connections, each given a version by the weights, would all have brought {version} with "
            + $"a probability of {SplitEvidence.Percent(StickyCause.Chance(evidence, version))} only (there were "
            + $"{SplitEvidence.Count(count)}{(evidence.IsBehindApps ? " apps that hold one or more" : "")}).";
        yield return StickyText.CannotTell(evidence, version);
    }

    private static IEnumerable<string> Objects(SplitEvidence evidence, IReadOnlyList<SplitFit> fits)
    {
        if (evidence.Mesh is not { } mesh)
        {
            yield return "Without a VirtualService the mesh's objects were not looked at; name one by -VirtualService.";
            yield break;
        }

        if (mesh.Endpoints.Count == 0)
        {
            yield return "No endpoint is known behind the route's destinations.";
            yield break;
        }

        if (fits.Count > 0)
        {
            yield return "What might share the requests otherwise does not fit: "
                + string.Join(
                    ", ", fits.Select(fit => $"{fit.Words} ({fit.Shares}, {SplitEvidence.P(fit.PValue)})")) + ".";
        }

        string[] empty =
        [
            .. mesh.Arms.Where(arm => arm.Destination.Weight > 0 && arm.Endpoints.Count == 0)
                .Select(arm => arm.Version ?? arm.Destination.Host.FullName),
        ];
        yield return empty.Length == 0
            ? "No destination that should answer is without endpoints, and the hosts, gateways and ports of the mesh's "
            + "objects alone are no evidence."
            : $"No endpoint stands behind {string.Join(", ", empty)}, but no request was answered by an error.";
    }
}
