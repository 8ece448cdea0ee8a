using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Core.Tests;

/// <summary>Evidence of the scenario's split 30:60:10 among three VMs behind hello1, to be bent by each test.</summary>
internal static class MadeUpEvidence
{
    public const string Hello1 = "172.18.0.230";

    private const string Host = "hello2-svc.hello.svc.cluster.local";

    public static string Vm(int version) => $"192.168.0.{169 + version}";

    /// <summary>Answers of three versions, judged as a measurement would.</summary>
    public static SplitEvidence Of(params int[] counts)
    {
        SplitExpectation expected =
            SplitExpectation.FromWeights([new("v1", 30), new("v2", 60), new("v3", 10)]);
        Dictionary<string, int> observed = counts.Select((count, i) => (Version: $"v{i + 1}", Count: count))
            .Where(item => item.Count > 0).ToDictionary(item => item.Version, item => item.Count);
        return new SplitEvidence
        {
            Verdict = SplitJudgement.Of(expected, observed, 0.001, 5).Verdict,
            Expected = expected,
            Observed = observed,
            Requests = counts.Sum(),
            Measure = "Measure-TrafficShift -Uri http://127.0.0.1:8004/hello/eric -VirtualService hello2-vs",
            Uri = new Uri("http://127.0.0.1:8004/hello/eric"),
            Namespace = "hello",
            VirtualService = "hello2-vs",
            Origins = [.. observed.Select(pair => From(pair.Key[1] - '0', pair.Key, pair.Value))],
            Mesh = Mesh([30, 60, 10], 1, 1, 1),
        };
    }

    /// <summary>Answers of a VM behind hello1 that were told to be of a version.</summary>
    public static OriginCount From(
        int vm, string? version, int answers, bool behind = true, string hop = Hello1) => new(
        new AnswerOrigin
        {
            Address = Vm(vm),
            HopsBefore = behind ? 1 : 0,
            Hops = behind ? 3 : 2,
            IsWhole = true,
            Before = behind ? hop : null,
            Chain = $"Hello {hop} <- Hello {Vm(vm)}",
        }, version, answers);

    /// <summary>Three subsets of one WorkloadEntry each, whose own weights are given.</summary>
    public static MeshEvidence Mesh(int[] routeWeights, params int[] endpointWeights)
    {
        MeshEndpoint[] all = Endpoints(endpointWeights);
        return new MeshEvidence
        {
            Arms =
            [
                .. routeWeights.Select((weight, i) =>
                    Arm($"v{i + 1}", weight, all, item => item.Version == $"v{i + 1}")),
            ],
            Hosts = ["hello2-svc"],
            FromIngress = true,
        };
    }

    /// <summary>The mesh with one destination for all endpoints.</summary>
    public static MeshEvidence OneArm(params int[] endpointWeights) => Mesh([], 1) with
    {
        Arms = [Arm("all", 100, Endpoints(endpointWeights), _ => true)],
    };

    /// <summary>The same with another protocol and name of the port.</summary>
    public static MeshEvidence WithPort(this MeshEvidence mesh, string? protocol, string name) => mesh with
    {
        Arms = [.. mesh.Arms.Select(arm => arm with { Ports = [Port(protocol, name)] })],
    };

    /// <summary>
    /// The same with the answers' connections, each a text of version digits in the order of arrival.
    /// </summary>
    public static SplitEvidence OnConnections(this SplitEvidence evidence, params IEnumerable<string> connections) =>
        evidence with
        {
            Connections = Runs([.. connections]),
            Whole = Runs([string.Concat(InTurn([.. connections]).Select(item => item.Version))]),
        };

    /// <summary>The same with the apps before the measured host, given likewise.</summary>
    public static SplitEvidence ByApps(this SplitEvidence evidence, params IEnumerable<string> apps) => evidence with
    {
        Hops = Runs([.. apps]),
        Origins =
        [
            .. apps.SelectMany((versions, app) => versions.GroupBy(version => version).Select(group =>
                From(group.Key - '0', $"v{group.Key}", group.Count(), hop: $"172.18.0.{230 + app}"))),
        ],
    };

    /// <summary>Answers of one version digit each, one of each text at a time.</summary>
    public static VersionRuns Runs(string[] keys, int concurrency = 1)
    {
        VersionRuns runs = new(["v1", "v2", "v3"], concurrency);
        foreach ((int key, char version) in InTurn(keys))
        {
            runs.Add(key + 1, $"v{version}");
        }

        return runs;
    }

    private static IEnumerable<(int Key, char Version)> InTurn(string[] keys) =>
        Enumerable.Range(0, keys.Max(item => item.Length)).SelectMany(i =>
            keys.Index().Where(item => i < item.Item.Length).Select(item => (item.Index, item.Item[i])));

    /// <summary>What a reader makes of an answer.</summary>
    public static AnswerOrigin? Read(OriginReader reader, string answer) =>
        reader.Read(new LoadAnswer { Ticket = 0, Body = Encoding.UTF8.GetBytes(answer) });

    private static MeshEndpoint[] Endpoints(int[] weights) =>
    [
        .. weights.Select((weight, i) => new MeshEndpoint(
            Vm(i + 1), HopKind.Vm, $"mesh-expansion-hello2-svc-{i + 1}",
            new Dictionary<string, string> { ["version"] = $"v{i + 1}" })
        {
            Weight = weight,
        }),
    ];

    private static SplitArm Arm(string subset, int weight, MeshEndpoint[] all, Func<MeshEndpoint, bool> selects) => new(
        new RouteDestination(new RouteHost(Host), subset, weight), subset,
        all.Where(selects).ToDictionary(item => item.Address, _ => subset),
        all.Where(item => !selects(item)).ToDictionary(item => item.Address, item => item.Version!))
    {
        Behind = all,
        Ports = [Port("HTTP", "http-8001")],
    };

    private static HostPort Port(string? protocol, string name) =>
        HostPort.OfServiceEntry(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "mesh-expansion-hello2-svc" },
            ["spec"] = new JsonObject
            {
                ["ports"] = new JsonArray(
                    new JsonObject { ["number"] = 8001, ["name"] = name, ["protocol"] = protocol }),
            },
        }).Single();
}
