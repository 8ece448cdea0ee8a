using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using static HybridMesh.Lab.Tests.MeshObjects;

namespace HybridMesh.Lab.Tests;

public sealed class RoutingCompilerTests
{
    private static readonly IPAddress Ingress = IPAddress.Parse("127.168.0.100");

    private static readonly MeshResources Scenario = new()
    {
        Services = [Service("hello2-svc", "127.19.0.3", 8001)],
        ServiceEntries = [ServiceEntry("hello2-svc", 8001)],
        WorkloadEntries =
        [
            WorkloadEntry("hello2-1", "127.168.0.170", "v1"),
            WorkloadEntry("hello2-2", "127.168.0.171", "v2"),
            WorkloadEntry("hello2-3", "127.168.0.172", "v3"),
        ],
        VirtualServices = [WeightedService(30, 60, 10)],
        DestinationRules = [DestinationRule()],
    };

    [Theory]
    [InlineData("/hello/eric", 0.00, "127.168.0.170")]
    [InlineData("/hello/eric", 0.29, "127.168.0.170")]
    [InlineData("/hello/eric", 0.31, "127.168.0.171")]
    [InlineData("/hello/eric", 0.89, "127.168.0.171")]
    [InlineData("/hello/eric", 0.91, "127.168.0.172")]
    [InlineData("/bye", 0.89, "127.168.0.170")]
    [InlineData("/bye", 0.91, "127.168.0.171")]
    public void Compile_WeightedSubsets_DrawChoosesByProportion(string path, double draw, string address)
    {
        HttpRoute route = Find(Table(Scenario, "127.19.0.3", 8001), path)!;

        Assert.Equal(address, route.Targets!.Pick(draw).Cluster!.Endpoints!.Pick(0.5).Address);
    }

    [Fact]
    public void Compile_NoRouteMatches_FindsNone() =>
        Assert.Null(Find(Table(Scenario, "127.19.0.3", 8001), "/other"));

    [Fact]
    public void Compile_NoVirtualService_AllEndpointsShare()
    {
        MeshResources plain = Scenario with { VirtualServices = [] };

        RouteTarget target = Find(Table(plain, "127.19.0.3", 8001), "/any")!.Targets!.Items.Single();

        Assert.Equal(3, target.Cluster!.Endpoints!.Items.Count);
    }

    [Theory]
    [InlineData("""{ "uri": { "exact": "/a" } }""", "/a", true)]
    [InlineData("""{ "uri": { "exact": "/a" } }""", "/a/b", false)]
    [InlineData("""{ "uri": { "prefix": "/a" } }""", "/a/b", true)]
    [InlineData("""{ "uri": { "prefix": "/A" }, "ignoreUriCase": true }""", "/a/b", true)]
    [InlineData("""{ "uri": { "prefix": "/A" } }""", "/a/b", false)]
    [InlineData("""{ "uri": { "regex": "/a/[0-9]+" } }""", "/a/12", true)]
    [InlineData("""{ "uri": { "regex": "/a/[0-9]+" } }""", "/a/12/b", false)]
    [InlineData("""{ "method": { "exact": "GET" } }""", "/", true)]
    [InlineData("""{ "method": { "exact": "POST" } }""", "/", false)]
    [InlineData("""{ "headers": { "X-User": { "exact": "eric" } } }""", "/", true)]
    [InlineData("""{ "headers": { "x-user": { "prefix": "e" } } }""", "/", true)]
    [InlineData("""{ "headers": { "x-user": { "regex": "e..c" } } }""", "/", true)]
    [InlineData("""{ "headers": { "x-user": {} } }""", "/", true)]
    [InlineData("""{ "headers": { "x-none": {} } }""", "/", false)]
    [InlineData("""{ "withoutHeaders": { "x-user": {} } }""", "/", false)]
    [InlineData("""{ "withoutHeaders": { "x-user": { "exact": "bob" } } }""", "/", true)]
    [InlineData("""{ "queryParams": { "q": { "exact": "1" } } }""", "/", true)]
    [InlineData("""{ "port": 8001 }""", "/", true)]
    [InlineData("""{ "port": 8002 }""", "/", false)]
    [InlineData("""{ "gateways": ["mesh"] }""", "/", true)]
    [InlineData("""{ "gateways": ["hello-gateway"] }""", "/", false)]
    public void Compile_Match_TakesWhatIstioTakes(string match, string path, bool taken)
    {
        JsonObject virtualService = Object("vs", $$"""
            { "hosts": ["hello2-svc"], "gateways": ["mesh", "hello-gateway"],
              "http": [{ "match": [{{match}}], "route": [{ "destination": { "host": "hello2-svc" } }] }] }
            """);
        PortTable table = Table(Scenario with { VirtualServices = [virtualService] }, "127.19.0.3", 8001);

        Assert.Equal(taken, Find(table, path) is not null);
    }

    [Theory]
    [InlineData("hello2-svc", true)]
    [InlineData("hello2-svc.http-reciprocal-hello.svc.cluster.local", true)]
    [InlineData("*.http-reciprocal-hello.svc.cluster.local", true)]
    [InlineData("*", true)]
    [InlineData("hello2-svc.http-reciprocal-hello", false)]
    [InlineData("hello2-svc.other.svc.cluster.local", false)]
    public void Compile_VirtualServiceHost_ResolvedAsIstio(string host, bool applies)
    {
        JsonObject virtualService = Object("vs", $$"""
            { "hosts": ["{{host}}"], "http": [{ "match": [{ "uri": { "exact": "/only" } }],
              "route": [{ "destination": { "host": "hello2-svc" } }] }] }
            """);
        PortTable table = Table(Scenario with { VirtualServices = [virtualService] }, "127.19.0.3", 8001);

        Assert.Equal(applies, Find(table, "/else") is null);
    }

    [Fact]
    public void Compile_ShortHostOfOtherNamespace_DoesNotApply()
    {
        JsonObject elsewhere = Object("vs", """
            { "hosts": ["hello2-svc"], "http": [{ "match": [{ "uri": { "exact": "/only" } }],
              "route": [{ "destination": { "host": "hello2-svc" } }] }] }
            """, ns: "external-hello");

        Assert.NotNull(Find(Table(Scenario with { VirtualServices = [elsewhere] }, "127.19.0.3", 8001), "/else"));
    }

    [Fact]
    public void Compile_SubsetWithoutEndpoint_ClusterIsEmpty()
    {
        MeshResources unlabelled = Scenario with { WorkloadEntries = [WorkloadEntry("hello2-1", "127.168.0.170", "v1")] };

        HttpRoute route = Find(Table(unlabelled, "127.19.0.3", 8001), "/hello")!;

        Assert.Null(route.Targets!.Pick(0.5).Cluster!.Endpoints);
    }

    [Fact]
    public void Compile_UnknownHostSubsetOrPort_HasNoCluster()
    {
        JsonObject virtualService = Object("vs", """
            { "hosts": ["hello2-svc"], "http": [{ "route": [
              { "destination": { "host": "nobody" }, "weight": 1 },
              { "destination": { "host": "hello2-svc", "subset": "v9" }, "weight": 1 },
              { "destination": { "host": "hello2-svc", "port": { "number": 9 } }, "weight": 1 } ] }] }
            """);
        HttpRoute route = Find(Table(Scenario with { VirtualServices = [virtualService] }, "127.19.0.3", 8001), "/")!;

        Assert.All(route.Targets!.Items, target => Assert.Null(target.Cluster));
    }

    [Fact]
    public void Compile_AllWeightsZero_VirtualServiceIgnoredAndSaid()
    {
        RoutingSnapshot snapshot = RoutingCompiler.Compile(
            Scenario with { VirtualServices = [WeightedService(0, 0, 0)] }, Ingress);

        Assert.Contains("sum to zero", Assert.Single(snapshot.Problems), StringComparison.Ordinal);
        Assert.NotNull(Find(snapshot.Listeners[new IPEndPoint(IPAddress.Parse("127.19.0.3"), 8001)], "/other"));
    }

    [Fact]
    public void Compile_WeightsNotSummingTo100_AreProportions()
    {
        HttpRoute route = Find(
            Table(Scenario with { VirtualServices = [WeightedService(1, 1, 2)] }, "127.19.0.3", 8001), "/hello")!;

        Assert.Equal("127.168.0.172", route.Targets!.Pick(0.51).Cluster!.Endpoints!.Pick(0).Address);
    }

    [Theory]
    [InlineData("HTTP", AppProtocol.Http)]
    [InlineData("GRPC", AppProtocol.Http2)]
    [InlineData("TCP", AppProtocol.Tcp)]
    [InlineData("", AppProtocol.Tcp)]
    public void Compile_ServiceEntryProtocol_DecidesOverTheServicesPortName(string protocol, object expected)
    {
        MeshResources resources = Scenario with
        {
            ServiceEntries = [ServiceEntry("hello2-svc", 8001, protocol, portName: "tco-8001")],
        };

        Assert.Equal(expected, Table(resources, "127.19.0.3", 8001).Protocol);
    }

    [Theory]
    [InlineData("", "", 8001)]
    [InlineData(", \"targetPort\": 9001", "", 9001)]
    [InlineData(", \"targetPort\": 9001", ", \"ports\": { \"http-8001\": 9002 }", 9002)]
    [InlineData("", ", \"ports\": { \"other\": 9002 }", 8001)]
    public void Compile_WorkloadPort_EntrysThenTargetThenNumber(string portExtra, string entryExtra, int expected)
    {
        MeshResources resources = Scenario with
        {
            ServiceEntries = [ServiceEntry("hello2-svc", 8001, extra: portExtra)],
            WorkloadEntries = [WorkloadEntry("one", "127.168.0.170", "v1", entryExtra)],
            VirtualServices = [],
        };

        Assert.Equal(expected, OnlyEndpoint(resources).Port);
    }

    [Theory]
    [InlineData("8001", 8001)]
    [InlineData("\"web\"", 7777)]
    [InlineData("9090", 9090)]
    public void Compile_PodBehindService_TargetPortByNumberOrName(string targetPort, int expected)
    {
        MeshResources resources = new()
        {
            Services = [Service("hello2-svc", "127.19.0.3", 8001, """{ "app": "a" }""", targetPort)],
            Pods = [Pod("p", "127.18.0.2", """{ "app": "a" }""", 7777), Pod("q", "127.18.0.3", """{ "app": "a" }""", ready: false)],
        };

        Assert.Equal(("127.18.0.2", expected), (OnlyEndpoint(resources).Address, OnlyEndpoint(resources).Port));
    }

    [Fact]
    public void Compile_ServiceAndServiceEntryShareHost_EndpointsAreJoined()
    {
        MeshResources both = Scenario with
        {
            Services = [Service("hello2-svc", "127.19.0.3", 8001, """{ "app": "a" }""")],
            Pods = [Pod("p", "127.18.0.2", """{ "app": "a" }""")],
            VirtualServices = [],
        };

        IReadOnlyList<MeshEndpoint> endpoints =
            Find(Table(both, "127.19.0.3", 8001), "/")!.Targets!.Items.Single().Cluster!.Endpoints!.Items;

        Assert.Equal(
            ["127.168.0.170", "127.168.0.171", "127.168.0.172", "127.18.0.2"],
            endpoints.Select(item => item.Address).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Compile_WorkloadEntryOfOtherNamespace_IsNoEndpoint()
    {
        JsonObject stray = Object("stray", """{ "address": "127.168.0.170", "labels": { "app": "hello-workload" } }""", ns: "other");

        RouteTarget target = Find(
            Table(Scenario with { WorkloadEntries = [stray], VirtualServices = [] }, "127.19.0.3", 8001), "/")!
            .Targets!.Items.Single();

        Assert.Null(target.Cluster!.Endpoints);
    }

    [Theory]
    [InlineData("hello-gateway", """["*"]""", true)]
    [InlineData("http-reciprocal-hello/hello-gateway", """["http-reciprocal-hello/*"]""", true)]
    [InlineData("hello-gateway", """["./*"]""", true)]
    [InlineData("hello-gateway", """["elsewhere/*"]""", false)]
    [InlineData("elsewhere/hello-gateway", """["*"]""", false)]
    [InlineData("mesh", """["*"]""", false)]
    public void Compile_IngressBinding_ByGatewayNameAndHosts(string gateway, string hosts, bool bound)
    {
        JsonObject virtualService = GatewayService(8004);
        virtualService["spec"]!["gateways"] = new JsonArray(gateway);
        MeshResources resources = Scenario with { Gateways = [Gateway(8004, hosts)], VirtualServices = [virtualService] };

        Assert.Equal(bound, Find(Table(resources, "127.168.0.100", 8004), "/hello") is not null);
    }

    [Fact]
    public void Compile_IngressHosts_MostPreciseWins()
    {
        static JsonObject Bound(string name, string host, string path) => Object(name, $$"""
            { "hosts": ["{{host}}"], "gateways": ["hello-gateway"], "http": [
              { "match": [{ "uri": { "exact": "{{path}}" } }], "route": [{ "destination": { "host": "hello2-svc" } }] }] }
            """);
        PortTable table = Table(
            Scenario with
            {
                Gateways = [Gateway(8004)],
                VirtualServices =
                    [Bound("any", "*", "/any"), Bound("wild", "*.mesh.io", "/wild"), Bound("exact", "a.mesh.io", "/exact")],
            },
            "127.168.0.100", 8004);

        Assert.NotNull(Find(table, "/exact", "a.mesh.io:8004"));
        Assert.Null(Find(table, "/wild", "a.mesh.io:8004"));
        Assert.NotNull(Find(table, "/wild", "b.mesh.io"));
        Assert.NotNull(Find(table, "/any", "127.168.0.100:8004"));
    }

    [Fact]
    public void Compile_TwoGateways_OpenBothPorts()
    {
        JsonObject second = Gateway(7004);
        second["metadata"]!["name"] = "grpc-gateway";
        second["spec"]!["servers"]![0]!["port"]!["protocol"] = "GRPC";

        RoutingSnapshot snapshot = RoutingCompiler.Compile(new() { Gateways = [Gateway(8004), second] }, Ingress);

        Assert.Equal(
            [new(7004, "http", AppProtocol.Http2), new(8004, "http-8004", AppProtocol.Http)], snapshot.IngressPorts);
    }

    [Fact]
    public void Compile_InvalidRegex_VirtualServiceIgnoredAndSaid()
    {
        JsonObject broken = Object("vs", """
            { "hosts": ["hello2-svc"], "http": [{ "match": [{ "uri": { "regex": "/(a" } }],
              "route": [{ "destination": { "host": "hello2-svc" } }] }] }
            """);

        RoutingSnapshot snapshot = RoutingCompiler.Compile(Scenario with { VirtualServices = [broken] }, Ingress);

        Assert.Contains("regular expression", Assert.Single(snapshot.Problems), StringComparison.Ordinal);
    }

    private static PortTable Table(MeshResources resources, string address, int port) =>
        RoutingCompiler.Compile(resources, Ingress).Listeners[new IPEndPoint(IPAddress.Parse(address), port)];

    private static MeshEndpoint OnlyEndpoint(MeshResources resources) =>
        Find(Table(resources, "127.19.0.3", 8001), "/")!.Targets!.Items.Single().Cluster!.Endpoints!.Items.Single();

    private static HttpRoute? Find(PortTable table, string path, string host = "hello2-svc")
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Method = "GET";
        request.Path = path;
        request.Host = new HostString(host);
        request.Headers["x-user"] = "eric";
        request.QueryString = new QueryString("?q=1");
        return table.RoutesOf(request.Host)?.FirstOrDefault(route => route.Takes(request, path, out _));
    }
}
