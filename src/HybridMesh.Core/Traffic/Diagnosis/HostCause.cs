using System.Text.Json;

namespace HybridMesh.Core;

/// <summary>A VirtualService that does not take the measured requests, because of its hosts or gateways.</summary>
internal static class HostCause
{
    public static TrafficDiagnosis? Find(SplitEvidence evidence, SplitFit? fit)
    {
        if (evidence.Mesh is not { } mesh || evidence.VirtualService is not { } name)
        {
            return null;
        }

        return NotFound(evidence, mesh, name) ?? (fit is null ? null : Ignored(evidence, mesh, name, fit));
    }

    // [::1]:8004 has more colons than one.
    private static string WithoutPort(string authority) =>
        Uri.TryCreate($"http://{authority}", UriKind.Absolute, out Uri? uri) ? uri.Host : authority;

    // A gateway answers 404 for hosts that no VirtualService bound to it names.
    private static TrafficDiagnosis? NotFound(SplitEvidence evidence, MeshEvidence mesh, string name)
    {
        string host = WithoutPort(evidence.HostHeader ?? evidence.Uri.Host);
        int refused = evidence.Errors.GetValueOrDefault(LoadError.Http4xx);
        bool covered = mesh.Hosts.Any(pattern => HostPattern.Covers(pattern, host, evidence.Namespace ?? ""));
        return mesh.FromIngress == false || evidence.Answers > 0 || refused == 0 || covered
            || mesh.Gateways.All(item => item == "mesh")
            ? null
            : new TrafficDiagnosis
            {
                Cause = TrafficCause.HostNotMatched,
                Message = $"The requests ask the gateway for host '{host}', which is not among the hosts of "
                    + $"VirtualService {name} ({string.Join(", ", mesh.Hosts)}).",
                Evidence = [$"{SplitEvidence.Count(refused)} of {SplitEvidence.Count(evidence.Requests)} requests "
                    + "were answered 4xx."],
                Command = $"{evidence.Measure}{evidence.Expect} -Header "
                    + $"@{{ Host = {PowerShellText.Quote(mesh.Hosts is [var first, ..] ? first : host)} }}",
            };
    }

    private static TrafficDiagnosis? Ignored(SplitEvidence evidence, MeshEvidence mesh, string name, SplitFit fit)
    {
        if (mesh.FromIngress is null && !evidence.IsBehindApps)
        {
            return null;
        }

        bool bySidecar = evidence.IsBehindApps || mesh.FromIngress == false;
        if (bySidecar && !mesh.IsForSidecars)
        {
            return Diagnosis(
                evidence, name, fit,
                $"VirtualService {name} is bound to the gateways {string.Join(", ", mesh.Gateways)} and not to "
                    + "'mesh', so it does not count for requests from inside the mesh, as these are.",
                "gateways", ["mesh", .. mesh.Gateways]);
        }

        if (!bySidecar && mesh.Gateways.All(item => item == "mesh"))
        {
            return Diagnosis(
                evidence, name, fit,
                $"VirtualService {name} is bound to no gateway, so it does not count for requests that the "
                    + "ingress gateway hands straight to the measured host, as these are.",
                null, []);
        }

        string[] asked = bySidecar ? [.. mesh.Destinations] : [];
        string ns = evidence.Namespace ?? "";
        return asked.Length == 0 || asked.Any(host => mesh.Hosts.Any(pattern => HostPattern.Covers(pattern, host, ns)))
            ? null
            : Diagnosis(
                evidence, name, fit,
                $"VirtualService {name} is for "
                    + $"{(mesh.Hosts.Count == 0 ? "no host" : string.Join(", ", mesh.Hosts))}; who asks "
                    + $"the mesh for {string.Join(", ", asked)} does not get its weights.",
                "hosts", [.. mesh.Hosts, .. asked]);
    }

    private static TrafficDiagnosis Diagnosis(
        SplitEvidence evidence, string name, SplitFit fit, string message, string? list, string[] values) => new()
        {
            Cause = TrafficCause.HostNotMatched,
            Message = message,
            Evidence =
            [
                fit.Evidence,
                evidence.IsBehindApps ? "The measured host lies behind another app in every such answer: a "
                    + "sidecar routes to it."
                    : "The measured host gives the answers itself.",
            ],
            Command = list is null ? null : CauseText.Patch(
                evidence, "virtualservice", name,
                JsonSerializer.Serialize(new Dictionary<string, Dictionary<string, string[]>>
                {
                    ["spec"] = new() { [list] = values },
                })),
        };
}
