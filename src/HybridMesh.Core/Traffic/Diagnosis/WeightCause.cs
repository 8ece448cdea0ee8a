using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Endpoints that share the requests as if the route had no weights.</summary>
internal static class WeightCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence, SplitFit? fit)
    {
        // With one destination the route has no weights that could be in force, and their own weights decide.
        if (fit is null || evidence.Mesh is not { } mesh
            || (mesh.Arms.Count == 1 && fit.Kind == FitKind.EndpointWeights))
        {
            return null;
        }

        return new TrafficDiagnosis
        {
            Cause = TrafficCause.WeightsNotInForce,
            Message = mesh.Arms.Count == 1
                ? $"The route of VirtualService {evidence.VirtualService} sends all to one destination, whose "
                + "endpoints share the requests: no weights split them."
                : $"The weights of VirtualService {evidence.VirtualService} are not in force: the requests are "
                + $"shared as if there were none, by {fit.Words}.",
            Evidence =
            [
                fit.Evidence,
                .. evidence.IsBehindApps
                    ? ["An app that keeps a handful of connections could bring such shares by chance, were versions "
                        + "chosen per connection; some seconds later they would be others. Measure again."]
                    : Array.Empty<string>(),
                .. mesh.Arms.Count == 1 ? Array.Empty<string>() :
                [
                    Objects(evidence, mesh),
                ],
            ],
            Command = $"{evidence.Measure} -Expect "
                + $"@{{ {string.Join("; ", fit.Shares.Versions.Select((version, i) => string.Create(
                CultureInfo.InvariantCulture, $"{PowerShellText.Quote(version)} = "
                    + $"{fit.Shares.Shares[i] * 100:0.####}")))} }}",
        };
    }

    private static string Objects(SplitEvidence evidence, MeshEvidence mesh) =>
        mesh.FromIngress is null && !evidence.IsBehindApps
            ? "Where requests enter the mesh can't be told by the URL, so the VirtualService's hosts and gateways and "
            + "the port's protocol were not held against it."
            : PortCause.Doubtful(mesh) is { } port
            ? $"Port {port.Number} ('{port.Name}') is not HTTP to the mesh: were it the one that is asked, that would "
            + "be the cause."
            : "The VirtualService's hosts and gateways and the port's protocol would let the weights count; whether "
            + "the proxies have received them was not looked at.";
}
