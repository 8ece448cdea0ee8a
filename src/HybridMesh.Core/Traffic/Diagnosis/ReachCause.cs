namespace HybridMesh.Core;

/// <summary>Answers whose chain ends before the measured host.</summary>
internal static class ReachCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence)
    {
        if (evidence.Mesh is not { Endpoints.Count: > 0 } mesh)
        {
            return null;
        }

        int usual = evidence.Origins.Where(item => item.Origin.Address is not null)
            .Select(item => item.Origin.Hops).DefaultIfEmpty(0).Min();

        // A hop without an address may have been the one; so may an unknown address, unless the chain is shorter too.
        OriginCount[] shorter =
        [
            .. evidence.Origins.Where(item => item.Origin.Address is null && item.Origin.IsWhole
                && (usual == 0 || item.Origin.Hops < usual)),
        ];
        int missing = shorter.Sum(item => item.Answers);
        if (missing == 0)
        {
            return null;
        }

        AnswerOrigin sample = shorter.MaxBy(item => item.Answers)!.Origin;
        return new TrafficDiagnosis
        {
            Cause = TrafficCause.NeverReached,
            Message = $"{SplitEvidence.Count(missing)} requests were answered without reaching "
                + $"{string.Join(", ", mesh.Destinations)}: the chain ends before it.",
            Evidence =
            [
                $"Such an answer is '{sample.Chain}', {sample.Hops} hop{(sample.Hops == 1 ? "" : "s")}, all of "
                    + "them known and none an endpoint of it"
                    + (usual == 0 ? "; no answer reached it." : $"; those that reach it have {usual} or more."),
            ],
            Command = $"Test-MeshPath -Uri "
                + $"{PowerShellText.Quote(evidence.Uri.ToString())}{CauseText.Namespace(evidence)}",
        };
    }
}
