using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Gathers what the mesh's objects say about a split.</summary>
internal static class MeshEvidenceReader
{
    /// <summary>What they say.</summary>
    /// <param name="session">The mesh.</param>
    /// <param name="uri">Where requests go.</param>
    /// <param name="all">The namespace's VirtualServices.</param>
    /// <param name="virtualService">The measured one.</param>
    /// <param name="route">Its route.</param>
    /// <param name="arms">The route's destinations.</param>
    /// <param name="mesh">What stands behind hosts.</param>
    public static MeshEvidence Read(
        MeshSession session, Uri uri, IReadOnlyList<JsonObject> all, JsonObject virtualService, SplitRoute route,
        IReadOnlyList<SplitArm> arms, MeshSubsets mesh) => new()
        {
            Arms = arms,
            Find = mesh.Find,
            Rivals = Rivals(all, virtualService, arms),
            Hosts = Texts(virtualService, "hosts"),
            Gateways = Texts(virtualService, "gateways"),
            OtherRoutes = OtherRoutes(virtualService, route, mesh),
            MatchHeaders = Headers(route),
            FromIngress = FromIngress(session, uri, mesh),
        };

    // An address that is neither the ingress gateway's nor in the mesh may be a load balancer's or a forwarded port's.
    private static bool? FromIngress(MeshSession session, Uri uri, MeshSubsets mesh)
    {
        string host = MeshTopology.Canonical(uri.Host.Trim('[', ']'));
        return session.Connection.IngressAddress is { } ingress && host == MeshTopology.Canonical(ingress) ? true
            : mesh.Find(host) is not null || host.Contains(".svc", StringComparison.Ordinal) ? false
            : null;
    }

    private static IReadOnlyList<(string Label, SplitExpectation Shares)> OtherRoutes(
        JsonObject virtualService, SplitRoute measured, MeshSubsets mesh) =>
    [
        .. SplitRoute.ReadAll(virtualService).Where(route => route.Label != measured.Label)
            .Where(route => route.Destinations.All(item =>
                measured.Destinations.Any(known => known.Host.FullName == item.Host.FullName)))
            .Select(route => (route.Label, Shares: SharesOf(route, mesh)))
            .Where(item => item.Shares is not null).Select(item => (item.Label, item.Shares!)),
    ];

    // Only where each destination stands for one version.
    private static SplitExpectation? SharesOf(SplitRoute route, MeshSubsets mesh)
    {
        KeyValuePair<string, double>[] weights =
        [
            .. route.Destinations.SelectMany(item => mesh.SubsetsOf(item.Host)
                .Where(subset => subset.Name == item.Subset).Take(1)
                .Select(subset => KeyValuePair.Create(subset.Version, (double)item.Weight))),
        ];
        return weights.Length == route.Destinations.Count && weights.Any(pair => pair.Value > 0)
            ? SplitExpectation.FromWeights(weights) : null;
    }

    private static string[] Headers(SplitRoute route) =>
    [
        .. (route.Source["match"] as JsonArray ?? []).SelectMany(match => match?["headers"] as JsonObject ?? [])
            .Select(pair => pair.Key).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    // Of VirtualServices for the same host a proxy takes one: which of them is not known here.
    private static string[] Rivals(
        IReadOnlyList<JsonObject> all, JsonObject chosen, IReadOnlyList<SplitArm> arms) =>
    [
        .. all.Where(item => item.Text("metadata", "name") is { } name && name != chosen.Text("metadata", "name"))
            .Where(item => Texts(item, "gateways") is var gateways
                && (gateways.Length == 0 || gateways.Contains("mesh")))
            .Where(item => Texts(item, "hosts").Any(host => arms.Any(arm => HostPattern.Names(
                host, arm.Destination.Host.FullName, item.Text("metadata", "namespace") ?? ""))))
            .Select(item => item.Text("metadata", "name")!),
    ];

    private static string[] Texts(JsonObject virtualService, string list) =>
        [.. (virtualService.At("spec", list) as JsonArray ?? []).Select(item => item.Text()).OfType<string>()];
}
