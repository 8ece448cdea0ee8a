using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A port that the mesh does not read HTTP on, so that http routes and their weights have no effect
/// there.</summary>
internal static class PortCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence, SplitFit? fit, bool sticky)
    {
        if (evidence is not { Verdict: Verdict.Inconsistent, Mesh: { } mesh }
            || (mesh.FromIngress != false && !evidence.IsBehindApps) || (fit is null && !sticky))
        {
            return null;
        }

        HostPort[] ports = [.. mesh.Arms.SelectMany(PortsOf)];
        HostPort? port = ports.FirstOrDefault(item => !item.IsHttp);
        return port is null || ports.Any(item => item.IsHttp) ? null : new TrafficDiagnosis
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

    /// <summary>A port that is not HTTP beside others that are: which of them is asked, is not known.</summary>
    public static HostPort? Doubtful(MeshEvidence mesh)
    {
        HostPort[] ports = [.. mesh.Arms.SelectMany(PortsOf)];
        return ports.Any(item => item.IsHttp) ? ports.FirstOrDefault(item => !item.IsHttp) : null;
    }

    // The one the destination names, the only one, or all.
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
