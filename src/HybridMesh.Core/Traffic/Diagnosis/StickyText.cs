namespace HybridMesh.Core;

/// <summary>What is said of sticky connections: who holds them, how that shows, and what to do.</summary>
internal static class StickyText
{
    private const string PerConnection = "the mesh chooses a version per connection, not per request";

    /// <summary>The client's own connections keep their versions.</summary>
    public static TrafficDiagnosis Connections(SplitEvidence evidence)
    {
        VersionRuns runs = evidence.Connections;
        bool behind = evidence.IsBehindApps;
        return Diagnosis(
            evidence,
            (runs.Single == runs.Several
                ? $"Each of {SplitEvidence.Count(runs.Several)} connections was always answered by the same version: "
                : "Requests of one connection mostly stay with one version: ")
                + (behind ? "the mesh, or an app on the way, chooses a version per connection, not per request."
                    : PerConnection + ".")
                + " Long-lived connections keep what they were given"
                + (behind ? "." : "; -NewConnection makes one per request."),
            [
                Figures(runs, "connection"),
                .. behind
                    ? [$"{Apps(evidence)} before the measured host: answers by way of it are mixed, so what keeps its "
                        + "version belongs to a connection of the client, there or further in."]
                    : Array.Empty<string>(),
                .. Turns(evidence),
            ],
            $"{evidence.Measure}{evidence.Expect} -NewConnection");
    }

    /// <summary>The connections of apps before the measured host keep their versions.</summary>
    public static TrafficDiagnosis Hops(SplitEvidence evidence)
    {
        VersionRuns runs = evidence.Hops;
        return Diagnosis(
            evidence,
            (runs.Single == runs.Several
                ? $"Answers by way of each of {SplitEvidence.Count(runs.Several)} apps were always of the same "
                + "version: "
                : "Answers by way of one app mostly stay with one version: ")
                + $"each keeps its connections to {Hosts(evidence)}, and {PerConnection}. {NotTheClients(evidence)}",
            [
                $"{Apps(evidence)} before the measured host.",
                Figures(runs, "app"),
                .. Advice(evidence),
            ],
            ShowApp(evidence));
    }

    /// <summary>An app's connections keep their versions until they are renewed.</summary>
    public static TrafficDiagnosis Renewed(SplitEvidence evidence)
    {
        VersionRuns runs = evidence.Whole.PValueIfSteady < evidence.Connections.PValueIfSteady
            ? evidence.Whole : evidence.Connections;
        return Diagnosis(
            evidence,
            "Now one version prevails and now another, though VirtualService "
                + $"{evidence.VirtualService} stayed as it was: the app before the measured host probably keeps "
                + $"several connections to it and renews them now and then, and it seems that {PerConnection}. "
                + NotTheClients(evidence),
            [
                $"{Apps(evidence)} before the measured host.",
                $"{SplitEvidence.Count(runs.Same)} of {SplitEvidence.Count(runs.Pairs)} answers were of the version "
                    + $"before them{(runs == evidence.Whole ? "" : " on their connection")} "
                    + $"({SplitEvidence.Percent((double)runs.Same / runs.Pairs)}); were each drawn with the same "
                    + $"shares, it would be {SplitEvidence.Percent(StickyCause.Alike(evidence))} "
                    + $"({SplitEvidence.P(runs.PValueIfSteady)}).",
                "An app that answers out of a cache for a while would look alike.",
                .. Advice(evidence),
            ],
            ShowApp(evidence));
    }

    /// <summary>One version gave all answers, and so few connections may well have brought that.</summary>
    public static TrafficDiagnosis OneVersion(SplitEvidence evidence, string version, double chance)
    {
        int count = StickyCause.Connections(evidence);
        bool behind = evidence.IsBehindApps;
        string held = !behind
            ? count == 1 ? "They went over one connection" : $"They went over {SplitEvidence.Count(count)} connections"
            : count == 1 ? "The app before the measured host probably keeps one connection to it"
            : $"Each of the {SplitEvidence.Count(count)} apps before the measured host probably keeps a connection "
            + "to it";
        return Diagnosis(
            evidence,
            $"All requests were answered by one version, {version}. {held}, and it seems that {PerConnection}. "
                + (behind ? NotTheClients(evidence) : "-NewConnection makes one per request."),
            [
                $"{SplitEvidence.Count(evidence.Answers)} answers, all of {version}, of which "
                    + $"{SplitEvidence.Percent(evidence.Expected[version])} are expected; the other destinations have "
                    + "endpoints. "
                    + (count == 1 ? "A connection" : $"{SplitEvidence.Count(count)} connections")
                    + $" given a version by the weights would bring this with a probability of "
                    + $"{SplitEvidence.Percent(chance)}.",
                .. behind ? [$"{Apps(evidence)} before the measured host."] : Array.Empty<string>(),
                CannotTell(evidence, version),
                .. behind ? Advice(evidence) : [],
            ],
            behind ? ShowApp(evidence) : $"{evidence.Measure}{evidence.Expect} -NewConnection");
    }

    /// <summary>What measuring one version can't tell, and what can.</summary>
    public static string CannotTell(SplitEvidence evidence, string version) =>
        (evidence.Mesh?.OtherRoutes.FirstOrDefault(route => route.Shares[version] >= 1).Label is { } route
            ? $"Route '{route}' sends everything to {version} and may take these requests"
            : evidence.Mesh?.Rivals is [_, ..] rivals
            ? $"VirtualService {string.Join(", ", rivals)} is for the same host and may send everything to {version}"
            : $"A proxy that sends everything to {version} would look alike, though no other VirtualService of the "
            + "namespace is for that host")
            + (evidence.IsBehindApps
                ? ": restart the app and measure again; a kept connection is given a version anew."
                : ": with -NewConnection the split becomes right when connections are the cause, and stays when not.");

    private static TrafficDiagnosis Diagnosis(
        SplitEvidence evidence, string message, IReadOnlyList<string> sentences, string? command) => new()
        {
            Cause = TrafficCause.StickyConnection,
            Message = message,
            Evidence = evidence.Verdict != Verdict.Consistent ? sentences :
            [
                .. sentences,
                "The shares fit all the same, as few connections may by chance; the verdict counts answers as "
                    + "independent of each other, which these are not.",
            ],
            Command = command,
        };

    private static string Figures(VersionRuns runs, string key) =>
        $"{SplitEvidence.Count(runs.Same)} of {SplitEvidence.Count(runs.Pairs)} answers were of the version before "
            + $"them on their {key} ({SplitEvidence.Percent((double)runs.Same / runs.Pairs)}); were each request "
            + $"drawn, it would be {SplitEvidence.Percent(runs.ExpectedSame / runs.Pairs)} "
            + $"({SplitEvidence.P(runs.PValue)}).";

    // Taking turns per request can look like this while as many requests are under way as there are turns.
    private static IEnumerable<string> Turns(SplitEvidence evidence)
    {
        if (SplitFits.Best(evidence, SplitFits.Of(evidence)) is { Kind: FitKind.Endpoints } fit)
        {
            yield return $"The shares are also those of {fit.Words}: endpoints asked in turn look alike when requests "
                + "fall into step. With -NewConnection the split becomes right when connections are the cause, and "
                + "stays when the weights are not in force.";
        }
    }

    private static string NotTheClients(SplitEvidence evidence) =>
        $"-NewConnection renews the client's connections, not {(evidence.Hops.Keys == 1 ? "the app's" : "the apps'")}.";

    private static string Hosts(SplitEvidence evidence) => string.Join(", ", evidence.Mesh?.Destinations ?? []);

    private static string Apps(SplitEvidence evidence)
    {
        string[] apps = [.. Before(evidence).Select(address => Name(evidence, address))];
        return $"{string.Join(", ", apps.Take(3))}{(apps.Length > 3 ? $" and {apps.Length - 3} more" : "")} "
            + (apps.Length == 1 ? "lies" : "lie");
    }

    private static string Name(SplitEvidence evidence, string address) =>
        evidence.Mesh?.Find(address) is { } found ? $"{found.Name} ({address})" : $"The app at {address}";

    private static string[] Before(SplitEvidence evidence) =>
    [
        .. evidence.Origins.Where(item => item.Origin.Before is not null).GroupBy(item => item.Origin.Before!)
            .OrderByDescending(group => group.Sum(item => item.Answers)).Select(group => group.Key),
    ];

    // A proxy chooses per request on ports of HTTP only, and only where there is one that can read the requests.
    private static IEnumerable<string> Advice(SplitEvidence evidence)
    {
        HostPort[] ports = [.. evidence.Mesh?.Arms.SelectMany(arm => arm.Ports).DistinctBy(port => port.Number) ?? []];
        if (ports.Length > 0 && Array.TrueForAll(ports, port => port.IsHttp))
        {
            yield return $"{string.Join(", ", ports.Select(port => $"Port {port.Number} ('{port.Name}')"))} is HTTP to "
                + "the mesh, so a proxy beside the caller would choose per request. See whether the app has one, and "
                + "whether it encrypts by itself, which hides its requests from a proxy.";
        }

        yield return "Without such a proxy the caller must spread its requests itself: a headless Service and "
            + "client-side load balancing, or connections that are renewed often.";
    }

    private static string? ShowApp(SplitEvidence evidence) => Before(evidence) is not [var address, ..] ? null
        : evidence.Mesh?.Find(address) is { Kind: HopKind.Vm } entry
        ? $"Get-WorkloadEntry {CauseText.Word(entry.Name)}{CauseText.Namespace(evidence)} | Format-List"
        : $"Get-MeshPod{CauseText.Namespace(evidence)} | Where-Object Address -eq {PowerShellText.Quote(address)} | "
        + "Format-List Name, Containers";
}
