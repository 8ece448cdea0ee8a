using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static HybridMesh.Lab.Tests.MeshObjects;

namespace HybridMesh.Lab.Tests;

/// <summary>gRPC through the mesh: calls are routed, not connections, unless the gateway is told to pin them.</summary>
public sealed class GrpcRoutingTests
{
    [Fact]
    public async Task OneConnection_WeightedRoute_EachCallDraws()
    {
        await using TestMesh mesh = new();
        await StartAsync(mesh, 30, 60, 10);
        using GreeterClient greeter = new(mesh.Service);

        Dictionary<string, int> counts = await CountAsync(greeter, 1000);

        // Chi-square with 2 degrees of freedom at alpha 0.001.
        double deviation = new[] { ("Hello", 300.0), ("Bonjour", 600.0), ("Hola", 100.0) }
            .Sum(item => Math.Pow(counts.GetValueOrDefault(item.Item1) - item.Item2, 2) / item.Item2);
        Assert.InRange(deviation, 0.0, 13.8);
    }

    [Fact]
    public async Task PinConnections_CallsOfOneConnection_StayAtOneBackend()
    {
        await using TestMesh mesh = new(new MeshProxyOptions { Seed = 2, PinConnections = true });
        await StartAsync(mesh, 40, 30, 30);
        HashSet<string> all = [];
        for (int connection = 0; connection < 20; connection++)
        {
            using GreeterClient greeter = new(mesh.Service);
            all.Add(Assert.Single(await CountAsync(greeter, 10)).Key);
        }

        Assert.True(all.Count > 1, "Every connection went to " + string.Join(", ", all));
    }

    [Fact]
    public async Task PinConnections_OnAndOffAgain_OpenConnectionsFollow()
    {
        await using TestMesh mesh = new();
        await StartAsync(mesh, 40, 30, 30);
        using GreeterClient greeter = new(mesh.Service);
        Assert.Equal(3, (await CountAsync(greeter, 60)).Count);

        mesh.Options.PinConnections = true;
        Assert.Single(await CountAsync(greeter, 60));

        mesh.Options.PinConnections = false;
        Assert.Equal(3, (await CountAsync(greeter, 60)).Count);
    }

    [Fact]
    public async Task OtherMethod_IsNotTakenByTheRoute()
    {
        await using TestMesh mesh = new();
        await StartAsync(mesh, 100, 0, 0);
        using GreeterClient greeter = new(mesh.Service);

        Assert.StartsWith("Hello eric(", await greeter.SayHelloAsync("eric"), StringComparison.Ordinal);
        Assert.Equal(StatusCode.Unimplemented, (await greeter.FailAsync("SayBye")).StatusCode);
    }

    [Fact]
    public async Task BackendsOwnStatus_PassesThrough()
    {
        await using TestMesh mesh = new();
        string address = await mesh.StartVmAsync(
            0,
            context =>
            {
                GrpcAnswers.Refuse(context.Response, GrpcStatus.PermissionDenied, "not you, é");
                return Task.CompletedTask;
            },
            HttpProtocols.Http2);
        TestMesh.Put(mesh.DataPlane, "Service", Service(
            "s", mesh.ServiceAddress, 8001, """{ "app": "a" }""", portName: "grpc"));
        TestMesh.Put(mesh.DataPlane, "Pod", Pod("p", address, """{ "app": "a" }"""));
        await mesh.Proxy.StartAsync(TestMesh.Soon());
        using GreeterClient greeter = new(mesh.Service);

        Status status = await greeter.FailAsync();

        Assert.Equal((StatusCode.PermissionDenied, "not you, é"), (status.StatusCode, status.Detail));
    }

    [Fact]
    public async Task SubsetWithoutEndpoint_UnavailableAsEnvoySays()
    {
        await using TestMesh mesh = new();
        TestMesh.Put(mesh.DataPlane, "Service", Service("hello2-svc", mesh.ServiceAddress, 8001, portName: "grpc"));
        TestMesh.Put(mesh.ControlPlane, "ServiceEntry", ServiceEntry("hello2-svc", 8001, "GRPC", "grpc-8001"));
        await mesh.Proxy.StartAsync(TestMesh.Soon());
        using GreeterClient greeter = new(mesh.Service);

        Status status = await greeter.FailAsync();

        Assert.Equal((StatusCode.Unavailable, "no healthy upstream"), (status.StatusCode, status.Detail));
    }

    private static async Task StartAsync(TestMesh mesh, params int[] weights)
    {
        for (int index = 0; index < 3; index++)
        {
            string version = $"v{index + 1}";
            Uri app = await GrpcHelloTests.StartAsync(mesh, index, version);
            TestMesh.Put(mesh.ControlPlane, "WorkloadEntry", WorkloadEntry($"hello2-{index + 1}", app.Host, version));
        }

        TestMesh.Put(mesh.DataPlane, "Service", Service("hello2-svc", mesh.ServiceAddress, 8001, portName: "grpc"));
        TestMesh.Put(mesh.ControlPlane, "ServiceEntry", ServiceEntry("hello2-svc", 8001, "GRPC", "grpc-8001"));
        TestMesh.Put(mesh.ControlPlane, "DestinationRule", DestinationRule());
        JsonObject routes = WeightedService(weights[0], weights[1], weights[2]);
        JsonArray http = routes["spec"]!["http"]!.AsArray();
        http.RemoveAt(1);
        http[0]!["match"]![0]!["uri"]!["prefix"] = "/org.feuyeux.grpc.Greeter/SayHello";
        TestMesh.Put(mesh.ControlPlane, "VirtualService", routes);
        await mesh.Proxy.StartAsync(TestMesh.Soon());
    }

    // By greeting.
    private static async Task<Dictionary<string, int>> CountAsync(GreeterClient greeter, int calls)
    {
        Dictionary<string, int> counts = [];
        for (int index = 0; index < calls; index++)
        {
            string greeting = (await greeter.SayHelloAsync("eric")).Split(' ')[0];
            counts[greeting] = counts.GetValueOrDefault(greeting) + 1;
        }

        return counts;
    }
}
