namespace HybridMesh.Core;

/// <summary>Weights that are in force, but are not those that were expected.</summary>
internal static class RouteCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence, SplitFit? fit) => fit?.Kind switch
    {
        FitKind.Route => new TrafficDiagnosis
        {
            Cause = TrafficCause.ExpectedOtherwise,
            Message = $"The route's own weights in VirtualService {evidence.VirtualService} are {fit.Shares} of "
                + $"{string.Join(", ", fit.Shares.Versions)}, and that is what arrives; -Expect says "
                + $"{evidence.Expected} of {string.Join(", ", evidence.Expected.Versions)}.",
            Evidence = [fit.Evidence],
            Command = Show(evidence),
        },
        FitKind.OtherRoute => new TrafficDiagnosis
        {
            Cause = TrafficCause.AnotherRoute,
            Message = $"Route '{fit.Route}' of VirtualService {evidence.VirtualService} seems to take these requests, "
                + $"and not {(evidence.Route is { } route ? $"'{route}'" : "the one measured")}.",
            Evidence = [fit.Evidence, Why(evidence)],
            Command = Show(evidence),
        },
        _ => null,
    };

    private static string Why(SplitEvidence evidence) =>
        evidence.Mesh is { MatchHeaders: [_, ..] headers }
            ? $"The measured route asks for {string.Join(", ", headers)}"
            + (evidence.IsBehindApps ? ": the app before the measured host has to pass that on with its own requests."
                : ", so requests must carry that (-Header).")
            : "The first route takes a request whose match does, in their order in the VirtualService.";

    private static string Show(SplitEvidence evidence) =>
        $"Get-TrafficShift {CauseText.Word(evidence.VirtualService ?? "*")}{CauseText.Namespace(evidence)}";
}
