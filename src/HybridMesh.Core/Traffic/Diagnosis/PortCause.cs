using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A port that the mesh does not read HTTP on, so that http routes and their weights have no effect
/// there.</summary>
internal static class PortCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence, EndpointFit? fit, bool sticky)
    {
        if (evidence is not { Verdict: Verdict.Inconsistent, Mesh: { } mesh }
            || (mesh.FromIngress && !evidence.IsBehindApps) || (fit is null && !sticky))
        {
            return null;
        }

        HostPort? port = mesh.Arms.SelectMany(PortsOf).FirstOrDefault(item => !item.IsHttp);
        return port is null ? null : new TrafficDiagnosis
        {
            Cause = TrafficCause.PortProtocol,
            Message = $"{port.Kind} {port.Owner} declares port {port.Number} ('{port.Name}') as "
                + $"{(string.IsNullOrEmpty(port.Protocol) ? "nothing that is HTTP" : port.Protocol)}, so the mesh "
                + $"relays connections and ignores the http routes of VirtualService {evidence.VirtualService} "
                + "and their weights.",
            Evidence =
            [
                fit?.Evidence ?? "Answers of one connection come from one endpoint, as relayed connections do.",
                $"The protocol of {port.Kind} {port.Owner}, port {port.Number}, is '{port.Protocol}' and its name "
                    + $"'{port.Name}'.",
            ],
            Command = CauseText.Patch(
                evidence, port.Kind.ToLowerInvariant(), port.Owner, $"{{\"spec\":{{\"ports\":{Mended(port)}}}}}"),
        };
    }

    // The one the destination names, the only one, or all: which of them was asked, is not known.
    private static IEnumerable<HostPort> PortsOf(SplitArm arm) =>
        arm.Ports.Count < 2 || arm.Destination.Port is not { } number
        ? arm.Ports : arm.Ports.Where(port => port.Number == number);

    private static string Mended(HostPort port)
    {
        JsonArray ports = (JsonArray)port.Siblings.DeepClone();
        bool entry = port.Kind == "ServiceEntry";
        foreach (JsonObject item in ports.OfType<JsonObject>()
            .Where(item => item.Number(entry ? "number" : "port") == port.Number))
        {
            item[entry ? "protocol" : "appProtocol"] = entry ? "HTTP" : "http";
        }

        return ports.ToJsonString();
    }
}
