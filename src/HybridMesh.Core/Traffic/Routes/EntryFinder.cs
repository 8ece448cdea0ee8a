using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A URL by which the mesh can be entered from outside.</summary>
/// <param name="Uri">The URL.</param>
/// <param name="Host">The Host header it takes; null when every one does.</param>
internal sealed record MeshEntry(Uri Uri, string? Host)
{
    /// <summary>The URL, with its Host header when it needs one.</summary>
    public override string ToString() => Host is null ? Uri.ToString() : $"{Uri} (Host: {Host})";
}

/// <summary>Finds the entries of a namespace: its Gateways' HTTP ports at the ingress gateway's address.</summary>
internal static class EntryFinder
{
    /// <summary>What follows a prefix that a route asks for, because apps take a word there.</summary>
    private const string Word = "hybridmesh";

    /// <summary>The only entry to a route.</summary>
    /// <exception cref="MeshException">EntryNotFound, listing the candidates.</exception>
    public static async Task<MeshEntry> FindAsync(
        MeshSession session, string ns, IReadOnlyList<JsonObject> virtualServices, IReadOnlyList<SplitRoute> routes,
        CancellationToken cancellationToken)
    {
        string address = session.Connection.IngressAddress ?? throw new MeshException(
            MeshErrorCode.EntryNotFound,
            "The ingress gateway has no address, so the entry can't be found; give -Uri.");
        KubernetesKind kind = await session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.Gateway, cancellationToken).ConfigureAwait(false);
        List<MeshEntry> entries = [];
        await foreach (JsonObject gateway in session.ControlPlane.ListAsync(kind, ns, null, cancellationToken)
            .ConfigureAwait(false))
        {
            string name = gateway.Text("metadata", "name") ?? "";
            foreach (JsonObject bound in virtualServices.Where(item => IsBound(item, name, ns)))
            {
                entries.AddRange(Servers(gateway).SelectMany(server =>
                    Hosts(bound).SelectMany(host => Paths(routes).Select(path => Entry(server, address, host, path)))));
            }
        }

        entries = [.. entries.Distinct()];
        return entries.Count == 1 ? entries[0] : throw new MeshException(
            MeshErrorCode.EntryNotFound,
            entries.Count == 0
                ? $"Namespace {ns} has no Gateway with an HTTP port and a VirtualService bound to it whose path can "
                    + "be told; give -Uri."
                : $"There are {entries.Count} entries: {string.Join(", ", entries)}. Give one by -Uri, or narrow "
                    + "them by -Route.",
            ns);
    }

    private static bool IsBound(JsonObject virtualService, string gateway, string ns) =>
        (virtualService.At("spec", "gateways") as JsonArray ?? [])
            .Any(item => item.Text() == gateway || item.Text() == $"{ns}/{gateway}");

    private static IEnumerable<(string Scheme, int Port)> Servers(JsonObject gateway) =>
        (gateway.At("spec", "servers") as JsonArray ?? [])
            .Select(server => (
                Protocol: server.Text("port", "protocol")?.ToUpperInvariant(), Port: server.Number("port", "number")))
            .Where(server => server.Port is not null && server.Protocol is "HTTP" or "HTTP2" or "HTTPS")
            .Select(server => (server.Protocol == "HTTPS" ? "https" : "http", server.Port!.Value))
            .Distinct();

    // A wildcard host takes any; a name is sent as Host header, since it need not resolve here.
    private static IEnumerable<string?> Hosts(JsonObject virtualService) =>
        (virtualService.At("spec", "hosts") as JsonArray ?? []).Select(host => host.Text())
            .Select(host => host is null or "*" ? null : host.Replace("*.", "any.", StringComparison.Ordinal))
            .Distinct();

    private static IEnumerable<string> Paths(IReadOnlyList<SplitRoute> routes) =>
        routes.SelectMany(route => route.Source["match"] is JsonArray { Count: > 0 } matches
            ? matches.Select(match => Path(match)).OfType<string>()
            : ["/"]).Distinct(StringComparer.Ordinal);

    private static string? Path(JsonNode? match) => match.At("uri") switch
    {
        null => "/",
        { } uri when uri.Text("exact") is { } exact => exact,
        { } uri when uri.Text("prefix") is { } prefix => prefix.TrimEnd('/') + "/" + Word,
        _ => null,
    };

    private static MeshEntry Entry((string Scheme, int Port) server, string address, string? host, string path) =>
        new(new UriBuilder(server.Scheme, address, server.Port)
        {
            Path = path.ToString(CultureInfo.InvariantCulture),
        }.Uri, host);
}
