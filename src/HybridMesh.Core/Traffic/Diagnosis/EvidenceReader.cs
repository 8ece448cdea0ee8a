using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Gathers what a measurement saw into what a diagnosis takes.</summary>
internal static class EvidenceReader
{
    /// <summary>What collects a run's evidence.</summary>
    public static AnswerEvidence Begin(SplitPlan plan, TrafficShiftRequest request)
    {
        IReadOnlyList<MeshEndpoint> endpoints = plan.Mesh?.Endpoints ?? [];
        string[] versions =
        [
            .. plan.Expected.Versions.Concat(endpoints.Select(item => plan.Mesh!.VersionOf(item)))
                .Distinct(StringComparer.Ordinal),
        ];
        HashSet<string> addresses = new(
            endpoints.Select(item => MeshTopology.Canonical(item.Address)), StringComparer.Ordinal);
        return new AnswerEvidence(
            endpoints.Count > 0 ? new OriginReader(addresses, plan.Mesh!.IsKnown) : null, versions,
            request.Concurrency);
    }

    /// <summary>The evidence of a run; its verdict is still open.</summary>
    public static SplitEvidence Read(
        SplitPlan plan, TrafficShiftRequest request, TrafficTally tally, AnswerEvidence evidence) => new()
        {
            Verdict = Verdict.Undecided,
            Alpha = request.Alpha,
            Expected = plan.Expected,
            Observed = tally.Versions,
            Requests = tally.Requests,
            Errors = tally.Errors.ToDictionary(pair => pair.Key, pair => pair.Value.Count),
            Measure = Measure(plan, request),
            Expect = request.Expect is { } shares ? $" -Expect {Table(shares.Select(Literal))}" : "",
            Uri = plan.Uri,
            HostHeader = request.Headers.FirstOrDefault(pair =>
                pair.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value ?? plan.HostHeader,
            Namespace = plan.Namespace,
            VirtualService = plan.Route?.VirtualService,
            Route = plan.Route?.Label,
            Unversioned = evidence.Unversioned,
            Connections = evidence.Connections,
            Hops = evidence.Hops,
            Whole = evidence.Whole,
            NewConnection = request.NewConnection,
            Origins = evidence.Origins,
            Mesh = plan.Mesh,
        };

    private static string Table(IEnumerable<string> entries) => $"@{{ {string.Join("; ", entries)} }}";

    private static string Literal(KeyValuePair<string, double> share) => Literal(share.Key, share.Value);

    // A value that can't be written in a word is left to the user.
    private static string Literal(string name, object? value) => $"{PowerShellText.Quote(name)} = " + value switch
    {
        int or long or double => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        bool flag => flag ? "$true" : "$false",
        string text => PowerShellText.Quote(text),
        _ => "...",
    };

    // What decides where requests go and how versions are told is repeated, so that the line asks the same question.
    private static string Measure(SplitPlan plan, TrafficShiftRequest request)
    {
        List<string> words = ["Measure-TrafficShift", "-Uri", CauseText.Word(plan.Uri.ToString())];
        Add("-VirtualService", plan.Route?.VirtualService);
        Add("-Route", plan.Route?.Name);
        Add("-Namespace", plan.Namespace);
        Add("-VersionHeader", request.VersionHeader);
        if (request.VersionPattern is { } patterns)
        {
            words.AddRange(["-VersionPattern", PowerShellText.Table(patterns)]);
        }

        if (request.Message is { } message)
        {
            words.AddRange(
                ["-Message", Table(message.Keys.Cast<object>().Select(key => Literal($"{key}", message[key])))]);
        }

        if (request.HttpVersion.Major == 2 && !LoadPlanner.IsGrpc(plan.Uri))
        {
            words.AddRange(["-HttpVersion", "2"]);
        }

        if (request.Headers.Count > 0)
        {
            words.AddRange(["-Header", PowerShellText.Table(request.Headers)]);
        }

        return string.Join(' ', words);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                words.AddRange([name, CauseText.Word(value)]);
            }
        }
    }
}
