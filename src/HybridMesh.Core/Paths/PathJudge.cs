using System.Globalization;
using System.IO.Enumeration;
using System.Net;

namespace HybridMesh.Core;

/// <summary>What the mesh says a path should look like.</summary>
/// <param name="ClusterIP">The ClusterIP of the Service the URL names; null when it names none that is known.</param>
/// <param name="Describe">Adds what the mesh knows to a hop.</param>
/// <param name="ExpectChain">The versions expected hop by hop, with wildcards; null for any.</param>
internal sealed record PathExpectation(
    string? ClusterIP, Func<MeshHop, MeshHop> Describe, IReadOnlyList<string>? ExpectChain);

/// <summary>Turns a probe's report into a result: names the first stage that failed and the remedy.</summary>
internal static class PathJudge
{
    /// <summary>Judges a report.</summary>
    public static MeshPath Judge(string from, Uri uri, ProbeReport report, PathExpectation expectation)
    {
        MeshHop[] hops = [.. HopParser.Parse(report.Body).Select(expectation.Describe)];
        (PathStage? stage, string? detail) = FirstFailure(from, uri, report, hops, expectation);
        return new MeshPath
        {
            From = from,
            Uri = uri,
            Success = stage is null,
            FailedStage = stage,
            FailedHop = stage is PathStage.Version or PathStage.Chain
                ? FirstMisfit(hops, expectation.ExpectChain!) + 1 : null,
            ExpectedChain = expectation.ExpectChain ?? [],
            StatusCode = report.StatusCode,
            Hops = hops,
            Latency = report.Latency,
            Detail = detail,
            ResolvedAddress = report.Addresses,
            Client = report.Client,
            Answer = report.StatusCode is null ? null : report.Body.Trim(),
        };
    }

    private static (PathStage? Stage, string? Detail) FirstFailure(
        string from, Uri uri, ProbeReport report, MeshHop[] hops, PathExpectation expectation)
    {
        if (report.FailedStage == PathStage.Resolve && report.HostsAddresses.Count == 0)
        {
            return (PathStage.Resolve, Unresolved(from, uri, report, expectation));
        }

        if (Shadow(report, expectation.ClusterIP) is { } shadow)
        {
            return (PathStage.HostsShadow,
                $"/etc/hosts of {from} gives '{uri.Host}' the address {shadow}, but its Service's ClusterIP is "
                    + $"{expectation.ClusterIP}: "
                + "requests go past the mesh, or to nobody. Find the line with Get-VmHostRecord, remove it, and set "
                + "it anew with Add-VmHostRecord.");
        }

        if (report.FailedStage is { } stage)
        {
            return (stage, Sentence(stage, from, uri, report) + Said(report));
        }

        return report.StatusCode is < 200 or >= 300
            ? (PathStage.Http, Status(uri, report))
            : Chain(hops, expectation.ExpectChain);
    }

    private static string Unresolved(string from, Uri uri, ProbeReport report, PathExpectation expectation)
    {
        string name = uri.Host.Split('.')[0];
        string remedy = expectation.ClusterIP is { } address
            ? $"Its Service has the ClusterIP {address}; on a VM give it a record: Add-VmHostRecord -ServiceName "
                + $"{name}."
            : $"Check the name and namespace (Get-MeshService); on a VM, Add-VmHostRecord -ServiceName {name} gives "
                + "it a record.";
        return $"'{uri.Host}' has no address on {from}. {remedy}{Said(report)}";
    }

    private static string Said(ProbeReport report) =>
        string.IsNullOrEmpty(report.Error) ? "" : $" ({report.Error})";

    // The first record of a family is the one that counts.
    private static string? Shadow(ProbeReport report, string? clusterIP) =>
        clusterIP is not null && IPAddress.TryParse(clusterIP, out IPAddress? wanted)
        && report.HostsAddresses
            .Where(text => IPAddress.TryParse(text, out IPAddress? address)
                && address.AddressFamily == wanted.AddressFamily)
            .FirstOrDefault() is { } first
        && MeshTopology.Canonical(first) != MeshTopology.Canonical(clusterIP)
            ? first
            : null;

    private static string Sentence(PathStage stage, string from, Uri uri, ProbeReport report)
    {
        string[] addresses = [.. report.Addresses, .. report.HostsAddresses, uri.Host];
        string target = string.Create(CultureInfo.InvariantCulture, $"{addresses[0]} port {uri.Port}");
        return stage switch
        {
            PathStage.Resolve => $"'{uri.Host}' has no address on {from}; check the name and its record in /etc/hosts.",
            PathStage.Connect =>
                $"{from} could not connect to {target}: is the app running there (Get-VmApp, Get-MeshPod), and does "
                    + "the network let it through?",
            PathStage.Tls =>
                $"{from} connected to {target}, but TLS failed: does that port speak TLS, is its certificate "
                    + "trusted, or does a sidecar's mTLS not fit?",
            _ => $"{from} connected to {target}, but no HTTP answer came: is it the right port, and is the app well?",
        };
    }

    private static string Status(Uri uri, ProbeReport report)
    {
        string said = report.Body.Trim();
        said = said.Length == 0 ? "" : $" '{(said.Length > 160 ? said[..160] + "..." : said).ReplaceLineEndings(" ")}'";
        string remedy = report.StatusCode switch
        {
            503 when said.Contains("no healthy upstream", StringComparison.Ordinal) =>
                " The route's subset has no endpoint: compare the DestinationRule's labels with Get-WorkloadEntry "
                    + "(Set-WorkloadEntryVersion) and Get-MeshPod.",
            502 or 503 or 504 => " The app, or the next hop behind it, does not answer: test the hops one by one.",
            404 => " No route or handler for this path: check the path, the VirtualService and the port.",
            >= 300 and < 400 => " Redirects are not followed.",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{uri} answered {report.StatusCode}{said}.{remedy}");
    }

    private static (PathStage? Stage, string? Detail) Chain(MeshHop[] hops, IReadOnlyList<string>? expected)
    {
        if (expected is null)
        {
            return (null, null);
        }

        string came = hops.Length == 0
            ? "the answer tells of no hop"
            : $"the answer came over {hops.Length} ({string.Join(" <- ", hops.Select(hop => hop.ToString()))})";
        if (hops.Length != expected.Count)
        {
            return (PathStage.Chain, $"Expected {expected.Count} hops ({string.Join(" <- ", expected)}), but {came}.");
        }

        int wrong = FirstMisfit(hops, expected);
        return wrong == hops.Length
            ? (null, null)
            : (PathStage.Version, hops[wrong].Version is { } version
                ? $"Hop {wrong + 1} is version '{version}', expected '{expected[wrong]}': {came}."
                : $"Hop {wrong + 1} has no known version, expected '{expected[wrong]}': {came}. "
                    + "Its WorkloadEntry or pod lacks the label 'version' (Set-WorkloadEntryVersion), or there is no "
                    + "connection to ask.");
    }

    // Where the shorter of the two ends, the next hop is missing or too many.
    private static int FirstMisfit(MeshHop[] hops, IReadOnlyList<string> expected)
    {
        int both = Math.Min(hops.Length, expected.Count);
        return Enumerable.Range(0, both).FirstOrDefault(i => !Fits(expected[i], hops[i].Version), both);
    }

    private static bool Fits(string expected, string? version) =>
        expected == "*"
            || (version is not null && FileSystemName.MatchesSimpleExpression(expected, version, ignoreCase: false));
}
