using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static HybridMesh.Lab.Tests.MeshObjects;

namespace HybridMesh.Lab.Tests;

public sealed class MeshProxyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task ClusterIp_WeightedRoute_DrawsIndependentlyByWeight()
    {
        await using TestMesh mesh = new();
        await mesh.StartScenarioAsync(30, 60, 10);
        const int Requests = 3000;

        List<string> answers = [];
        for (int index = 0; index < Requests; index++)
        {
            answers.Add(await mesh.Client.GetStringAsync(new Uri(mesh.Service, "hello/eric")));
        }

        // Chi-square at alpha 0.001: 2 degrees of freedom for the shares, 4 for successive pairs. A smooth round-robin
        // would be perfect in the first and fail the second by orders of magnitude.
        Dictionary<string, double> expected = new() { ["v1"] = 0.3, ["v2"] = 0.6, ["v3"] = 0.1 };
        double shares = expected.Sum(pair => Term(answers.Count(item => item == pair.Key), pair.Value * Requests));
        double pairs = 0;
        (string, string)[] successive = [.. answers.Zip(answers.Skip(1))];
        foreach ((string first, double p) in expected)
        {
            double seen = successive.Count(pair => pair.Item1 == first);
            foreach ((string second, double q) in expected)
            {
                pairs += Term(successive.Count(pair => pair == (first, second)), seen * q);
            }
        }

        Assert.InRange(shares, 0.0, 13.8);
        Assert.InRange(pairs, 0.0, 22.5);
    }

    [Fact]
    public async Task ClusterIp_WeightsChanged_InForceWithinASecond()
    {
        await using TestMesh mesh = new();
        await mesh.StartScenarioAsync(100, 0, 0);
        Assert.Equal("v1", (await mesh.GetAsync(new Uri(mesh.Service, "hello/eric"))).Body);

        // The best of three: a machine busy with something else is not the proxy's delay.
        List<TimeSpan> delays = [];
        foreach (string version in (string[])["v3", "v1", "v3"])
        {
            long start = TimeProvider.System.GetTimestamp();
            TestMesh.Put(
                mesh.ControlPlane, "VirtualService", version == "v3" ? WeightedService(0, 0, 100) : WeightedService(100, 0, 0));
            await mesh.UntilAsync(new Uri(mesh.Service, "hello/eric"), (_, body) => body == version, Patience);
            delays.Add(TimeProvider.System.GetElapsedTime(start));
        }

        Assert.True(delays.Min() < TimeSpan.FromSeconds(1), string.Join(", ", delays));
        Assert.Equal(["v3"], (await mesh.CountAsync(new Uri(mesh.Service, "hello/eric"), 50)).Keys);
    }

    [Fact]
    public async Task ClusterIp_NoMatchingRoute_404WithoutBody()
    {
        await using TestMesh mesh = new();
        await mesh.StartScenarioAsync();

        Assert.Equal((HttpStatusCode.NotFound, ""), await mesh.GetAsync(new Uri(mesh.Service, "other")));
    }

    [Fact]
    public async Task ClusterIp_SubsetWithoutEndpoint_NoHealthyUpstream()
    {
        await using TestMesh mesh = new();
        await mesh.StartScenarioAsync(0, 100, 0);

        mesh.ControlPlane.Delete("WorkloadEntry", MeshObjects.Namespace, "hello2-2");

        await mesh.UntilAsync(
            new Uri(mesh.Service, "hello"),
            (status, body) => status == HttpStatusCode.ServiceUnavailable && body == "no healthy upstream", Patience);
    }

    [Fact]
    public async Task ClusterIp_BackendDown_UpstreamConnectError()
    {
        await using TestMesh mesh = new();
        TestMesh.Put(mesh.ControlPlane, "WorkloadEntry", WorkloadEntry("dead", mesh.Block.Vm(9).ToString(), "v1"));
        TestMesh.Put(mesh.ControlPlane, "ServiceEntry", ServiceEntry("hello2-svc", 8001));
        TestMesh.Put(mesh.DataPlane, "Service", Service("hello2-svc", mesh.ServiceAddress, 8001));
        await mesh.Proxy.StartAsync(TestMesh.Soon());

        (HttpStatusCode status, string body) = await mesh.GetAsync(mesh.Service);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("upstream connect error", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingress_GatewayComesAndGoes_PortAndServiceFollow()
    {
        await using TestMesh mesh = new();
        await mesh.StartScenarioAsync();
        TestMesh.Put(mesh.DataPlane, "Service", Object(
            "istio-ingressgateway", """{ "type": "LoadBalancer", "ports": [] }""", ns: "istio-system"));
        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.GetAsync(mesh.Ingress));

        TestMesh.Put(mesh.ControlPlane, "Gateway", Gateway(mesh.Port));
        TestMesh.Put(mesh.ControlPlane, "VirtualService", GatewayService(mesh.Port));

        // The gateway routes to the service itself: the sidecars' weights are not the gateway's.
        await mesh.UntilAsync(new Uri(mesh.Ingress, "any"), (status, _) => status == HttpStatusCode.OK, Patience);
        Assert.Equal(["v1", "v2", "v3"], (await mesh.CountAsync(mesh.Ingress, 60)).Keys.Order());
        JsonNode service = mesh.DataPlane.Find("Service", "istio-system", "istio-ingressgateway")!;
        Assert.Equal(mesh.Port, service["spec"]!["ports"]![0]!["port"]!.GetValue<int>());
        Assert.Equal("LoadBalancer", service["spec"]!["type"]!.GetValue<string>());

        mesh.ControlPlane.Delete("Gateway", MeshObjects.Namespace, "hello-gateway");
        await AssertRefusedAsync(mesh.Block.Ingress, mesh.Port);
    }

    [Fact]
    public async Task Ingress_TwoHops_EachDrawsItsOwn()
    {
        await using TestMesh mesh = new();
        await mesh.StartScenarioAsync(50, 50, 0);
        string front = await mesh.StartVmAsync(3, async context => await context.Response.WriteAsync(
            "hello<-" + await mesh.Client.GetStringAsync(new Uri(mesh.Service, context.Request.Path.Value))));
        TestMesh.Put(mesh.DataPlane, "Service", Service("hello1-svc", mesh.Block.Service(2).ToString(), 8004, """{ "app": "hello1" }"""));
        TestMesh.Put(mesh.DataPlane, "Pod", Pod("hello1", front, """{ "app": "hello1" }"""));
        TestMesh.Put(mesh.ControlPlane, "Gateway", Gateway(mesh.Port));
        TestMesh.Put(mesh.ControlPlane, "VirtualService", GatewayService(mesh.Port, "hello1-svc"));

        await mesh.UntilAsync(new Uri(mesh.Ingress, "hello/eric"), (status, _) => status == HttpStatusCode.OK, Patience);

        Assert.Equal(
            ["hello<-v1", "hello<-v2"], (await mesh.CountAsync(new Uri(mesh.Ingress, "hello/eric"), 60)).Keys.Order());
    }

    [Fact]
    public async Task Http_RequestAndAnswer_PassUnchanged()
    {
        await using TestMesh mesh = new();
        string address = await mesh.StartVmAsync(0, async context =>
        {
            using StreamReader reader = new(context.Request.Body);
            context.Response.StatusCode = 201;
            context.Response.Headers["x-version"] = "v1";
            await context.Response.WriteAsync(
                $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Host} "
                + await reader.ReadToEndAsync());
        });
        TestMesh.Put(mesh.DataPlane, "Service", Service("s", mesh.ServiceAddress, 8001, """{ "app": "a" }"""));
        TestMesh.Put(mesh.DataPlane, "Pod", Pod("p", address, """{ "app": "a" }"""));
        await mesh.Proxy.StartAsync(TestMesh.Soon());

        using HttpRequestMessage request = new(HttpMethod.Put, new Uri(mesh.Service, "a%20b/c?x=%2F"));
        request.Headers.Host = "s.somewhere:8001";
        request.Content = new StringContent("body");
        using HttpResponseMessage response = await mesh.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("v1", Assert.Single(response.Headers.GetValues("x-version")));
        Assert.Equal("PUT /a%20b/c?x=%2F s.somewhere:8001 body", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("http", HttpProtocols.Http1)]
    [InlineData("grpc", HttpProtocols.Http2)]
    public async Task Http2ByPreface_ServedOnThePortThatTakesHttp1(string portName, HttpProtocols backend)
    {
        await using TestMesh mesh = new();
        string address = await mesh.StartVmAsync(0, context => context.Response.WriteAsync(context.Request.Protocol), backend);
        TestMesh.Put(mesh.DataPlane, "Service", Service(
            "s", mesh.ServiceAddress, 8001, """{ "app": "a" }""", portName: portName));
        TestMesh.Put(mesh.DataPlane, "Pod", Pod("p", address, """{ "app": "a" }"""));
        await mesh.Proxy.StartAsync(TestMesh.Soon());

        using HttpRequestMessage request = new(HttpMethod.Get, mesh.Service)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await mesh.Client.SendAsync(request);

        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal(backend == HttpProtocols.Http2 ? "HTTP/2" : "HTTP/1.1", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync(mesh.Service)).Status);
    }

    [Fact]
    public async Task ServiceEntryPortNotHttp_WeightsHaveNoEffect()
    {
        await using TestMesh mesh = new();
        await mesh.StartScenarioAsync(100, 0, 0);
        TestMesh.Put(mesh.ControlPlane, "ServiceEntry", ServiceEntry("hello2-svc", 8001, "TCP", "tco-8001"));

        // A connection is passed on whole, so every request asks for a new one.
        mesh.Client.DefaultRequestHeaders.ConnectionClose = true;
        await mesh.UntilAsync(new Uri(mesh.Service, "hello"), (_, body) => body != "v1", Patience);

        Assert.Equal(["v1", "v2", "v3"], (await mesh.CountAsync(new Uri(mesh.Service, "other"), 60)).Keys.Order());
    }

    [Fact]
    public async Task TcpPort_BytesPassBothWays()
    {
        await using TestMesh mesh = new();
        using TcpListener echo = new(mesh.Block.Vm(0), 8001);
        echo.Start();
        TestMesh.Put(mesh.DataPlane, "Service", Service("s", mesh.ServiceAddress, 8001, """{ "app": "a" }""", portName: "tcp"));
        TestMesh.Put(mesh.DataPlane, "Pod", Pod("p", mesh.Block.Vm(0).ToString(), """{ "app": "a" }"""));
        await mesh.Proxy.StartAsync(TestMesh.Soon());

        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Parse(mesh.ServiceAddress), 8001, TestMesh.Soon());
        using TcpClient server = await echo.AcceptTcpClientAsync(TestMesh.Soon());
        await server.GetStream().WriteAsync("greetings first"u8.ToArray(), TestMesh.Soon());
        byte[] received = new byte[15];
        await client.GetStream().ReadExactlyAsync(received, TestMesh.Soon());
        client.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal("greetings first", Encoding.ASCII.GetString(received));
        Assert.Equal(0, await server.GetStream().ReadAsync(received, TestMesh.Soon()));
    }

    [Fact]
    public async Task PinConnections_OneConnectionOneBackend()
    {
        await using TestMesh mesh = new(new MeshProxyOptions { Seed = 2, PinConnections = true });
        await mesh.StartScenarioAsync(50, 50, 0);

        HashSet<string> seen = [];
        for (int index = 0; index < 30; index++)
        {
            seen.Add(await mesh.Client.GetStringAsync(new Uri(mesh.Service, "hello")));
        }

        Assert.Single(seen);
        mesh.Options.PinConnections = false;
        Assert.Equal(["v1", "v2"], (await mesh.CountAsync(new Uri(mesh.Service, "hello"), 40)).Keys.Order());
    }

    [Fact]
    public async Task IgnoreWeights_DestinationsShareEvenly()
    {
        await using TestMesh mesh = new(new MeshProxyOptions { Seed = 3, IgnoreWeights = true });
        await mesh.StartScenarioAsync(98, 1, 1);

        IReadOnlyDictionary<string, int> counts = await mesh.CountAsync(new Uri(mesh.Service, "hello"), 300);

        Assert.All(counts.Values, count => Assert.InRange(count, 60, 140));
    }

    [Fact]
    public async Task Redirect_Rewrite_DirectResponse_Fault_AsDeclared()
    {
        await using TestMesh mesh = new();
        string address = await mesh.StartVmAsync(0, context => context.Response.WriteAsync(context.Request.Path));
        TestMesh.Put(mesh.DataPlane, "Service", Service("s", mesh.ServiceAddress, 8001, """{ "app": "a" }"""));
        TestMesh.Put(mesh.DataPlane, "Pod", Pod("p", address, """{ "app": "a" }"""));
        TestMesh.Put(mesh.ControlPlane, "VirtualService", Object("vs", """
            { "hosts": ["s"], "http": [
              { "match": [{ "uri": { "prefix": "/old" } }], "rewrite": { "uri": "/new" }, "route": [{ "destination": { "host": "s" } }] },
              { "match": [{ "uri": { "exact": "/moved" } }], "redirect": { "uri": "/there", "redirectCode": 302 } },
              { "match": [{ "uri": { "exact": "/direct" } }], "directResponse": { "status": 418, "body": { "string": "tea" } } },
              { "match": [{ "uri": { "exact": "/fault" } }], "fault": { "abort": { "httpStatus": 555 } }, "route": [{ "destination": { "host": "s" } }] }
            ] }
            """));
        await mesh.Proxy.StartAsync(TestMesh.Soon());
        using HttpClient direct = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

        using HttpResponseMessage moved = await direct.GetAsync(new Uri(mesh.Service, "moved?a=1"));

        Assert.Equal((HttpStatusCode.OK, "/new/x"), await mesh.GetAsync(new Uri(mesh.Service, "old/x")));
        Assert.Equal((HttpStatusCode)418, (await mesh.GetAsync(new Uri(mesh.Service, "direct"))).Status);
        Assert.Equal((HttpStatusCode)555, (await mesh.GetAsync(new Uri(mesh.Service, "fault"))).Status);
        Assert.Equal((HttpStatusCode.Redirect, new Uri(mesh.Service, "there?a=1")), (moved.StatusCode, moved.Headers.Location));
    }

    [Fact]
    public async Task Timeout_SlowBackend_UpstreamRequestTimeout()
    {
        await using TestMesh mesh = new();
        string address = await mesh.StartVmAsync(0, context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        TestMesh.Put(mesh.DataPlane, "Service", Service("s", mesh.ServiceAddress, 8001, """{ "app": "a" }"""));
        TestMesh.Put(mesh.DataPlane, "Pod", Pod("p", address, """{ "app": "a" }"""));
        TestMesh.Put(mesh.ControlPlane, "VirtualService", Object(
            "vs", """{ "hosts": ["s"], "http": [{ "timeout": "0.1s", "route": [{ "destination": { "host": "s" } }] }] }"""));
        await mesh.Proxy.StartAsync(TestMesh.Soon());

        Assert.Equal((HttpStatusCode.GatewayTimeout, "upstream request timeout"), await mesh.GetAsync(mesh.Service));
    }

    [Fact]
    public async Task PortTaken_OtherPortsServe_AndItIsTriedAgain()
    {
        await using TestMesh mesh = new();
        using TcpListener occupant = new(IPAddress.Parse(mesh.ServiceAddress), 8001);
        occupant.Start();
        await mesh.StartScenarioAsync(100, 0, 0);
        TestMesh.Put(mesh.ControlPlane, "Gateway", Gateway(mesh.Port));
        TestMesh.Put(mesh.ControlPlane, "VirtualService", GatewayService(mesh.Port));
        await mesh.UntilAsync(mesh.Ingress, (status, _) => status == HttpStatusCode.OK, Patience);

        occupant.Stop();

        await mesh.UntilAsync(new Uri(mesh.Service, "hello"), (_, body) => body == "v1", TimeSpan.FromSeconds(5));
    }

    private static double Term(double observed, double expected) => (observed - expected) * (observed - expected) / expected;

    private static async Task AssertRefusedAsync(IPAddress address, int port)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(address, port, TestMesh.Soon());
            }
            catch (SocketException error)
            {
                if (error.SocketErrorCode == SocketError.ConnectionRefused)
                {
                    return;
                }
            }
        }

        Assert.Fail($"{address}:{port} still listens.");
    }
}
