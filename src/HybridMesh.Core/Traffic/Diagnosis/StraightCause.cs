namespace HybridMesh.Core;

/// <summary>A URL that names an endpoint of the measured host: requests pass every route by.</summary>
internal static class StraightCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence)
    {
        string address = MeshTopology.Canonical(evidence.Uri.Host.Trim('[', ']'));
        MeshEndpoint? endpoint = evidence.Mesh?.Endpoints
            .FirstOrDefault(item => MeshTopology.Canonical(item.Address) == address);
        int others = evidence.Origins.Where(item => item.Origin.Address is { } from && from != address)
            .Sum(item => item.Answers);
        return endpoint is null || evidence.Answers == 0 || others > 0 ? null : new TrafficDiagnosis
        {
            Cause = TrafficCause.HostNotMatched,
            Message = $"The requests go straight to {endpoint.Name} ({address}), one of the endpoints, and pass "
                + $"VirtualService {evidence.VirtualService} by.",
            Evidence = [$"{evidence.Uri} has the address of that endpoint, and all answers came from it."],
            Command = $"Test-MeshPath -Uri {PowerShellText.Quote(evidence.Uri.ToString())}"
                + CauseText.Namespace(evidence),
        };
    }
}
