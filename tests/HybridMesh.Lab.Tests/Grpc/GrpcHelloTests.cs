using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Lab.Tests;

/// <summary>The gRPC app as gRPC's own client sees it.</summary>
public sealed class GrpcHelloTests
{
    [Theory]
    [InlineData("v1", "Hello eric", "Bye bye")]
    [InlineData("v2", "Bonjour eric", "Au revoir")]
    [InlineData("v3", "Hola eric", "Adióbais")]
    public async Task Call_EachVersion_GreetsInItsLanguage(string version, string hello, string bye)
    {
        await using TestMesh mesh = new();
        using GreeterClient greeter = new(await StartAsync(mesh, 0, version));

        Assert.Equal($"{hello}({mesh.Block.Vm(0)})", await greeter.SayHelloAsync("eric"));
        Assert.Equal($"{bye}({mesh.Block.Vm(0)})", await greeter.SayByeAsync());
    }

    [Fact]
    public async Task Call_WithBackend_AppendsItsAnswer()
    {
        await using TestMesh mesh = new();
        await StartAsync(mesh, 1, "v1");
        using GreeterClient greeter = new(await StartAsync(mesh, 0, "v2", $"{mesh.Block.Vm(1)}:8001"));

        Assert.Equal(
            $"Bonjour eric({mesh.Block.Vm(0)})<-Hello eric({mesh.Block.Vm(1)})", await greeter.SayHelloAsync("eric"));
        Assert.Equal($"Au revoirBye bye({mesh.Block.Vm(1)})", await greeter.SayByeAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(70_000)]
    public async Task Call_NameOfAnyLength_ComesBackWhole(int length)
    {
        await using TestMesh mesh = new();
        using GreeterClient greeter = new(await StartAsync(mesh, 0, "v1"));
        string name = string.Concat(Enumerable.Repeat("é", length));

        Assert.Equal($"Hello {name}({mesh.Block.Vm(0)})", await greeter.SayHelloAsync(name));
    }

    [Fact]
    public async Task Call_BackendDown_UnavailableAndSaysWhich()
    {
        await using TestMesh mesh = new();
        using GreeterClient greeter = new(await StartAsync(mesh, 0, "v1", $"{mesh.Block.Vm(9)}:8001"));

        Status status = await greeter.FailAsync();

        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
        Assert.StartsWith(
            $"{mesh.Block.Vm(0)} can't reach its backend {mesh.Block.Vm(9)}:8001: ", status.Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_UnknownMethod_Unimplemented()
    {
        await using TestMesh mesh = new();
        using GreeterClient greeter = new(await StartAsync(mesh, 0, "v1"));

        Assert.Equal(StatusCode.Unimplemented, (await greeter.FailAsync("SayNothing")).StatusCode);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 10 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 10, 9 }, "13")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "12")]
    public async Task Call_UnreadableMessage_IsRefused(byte[] body, string status)
    {
        await using TestMesh mesh = new();
        Uri server = await StartAsync(mesh, 0, "v1");
        using HttpRequestMessage request = new(
            HttpMethod.Post, new Uri(server, "/org.feuyeux.grpc.Greeter/SayHello"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/grpc");

        using HttpResponseMessage response = await mesh.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, status), (response.StatusCode, response.Headers.GetValues("grpc-status").Single()));
    }

    /// <summary>Starts the app on the i-th VM's address, port 8001.</summary>
    internal static async Task<Uri> StartAsync(TestMesh mesh, int index, string version, string? backend = null)
    {
        GrpcHello app = new(new HelloImage("grpc", version), mesh.Block.Vm(index), backend);
        string address = await mesh.StartVmAsync(index, app.AnswerAsync, HttpProtocols.Http2);
        return new Uri($"http://{address}:8001");
    }
}
