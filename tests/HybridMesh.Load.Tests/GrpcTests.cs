using System.Collections;
using System.Text;
using HybridMesh.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Load.Tests;

public sealed class GrpcTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Call_Greeter_SendsTheMessageAndReadsTheReply()
    {
        string? type = null;
        string? te = null;
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            (type, te) = (context.Request.ContentType, context.Request.Headers.TE);
            // name = 'eric' in field 1, as protoc writes it.
            Assert.Equal([0, 0, 0, 0, 6, 0x0a, 4, .. "eric"u8], body.ToArray());
            await ReplyAsync(context, "Hello eric(127.0.0.1)");
        }, HttpProtocols.Http2);
        (CollectingSink sink, LoadReport report) = await CallAsync(server, new Hashtable { ["name"] = "eric" });
        Assert.All(sink.Answers, answer => Assert.Equal(
            (LoadError.None, 200, "Hello eric(127.0.0.1)", null),
            (answer.Error, answer.Status, answer.Body, answer.Detail)));
        Assert.Equal((10, 10), (sink.Answers.Count, server.Requests));
        Assert.Equal(("application/grpc", "trailers"), (type, te));
        Assert.Equal((2L, 2), (report.ConnectionsOpened, server.Connections.Count));
    }

    [Fact]
    public async Task Call_WithoutMessage_SendsTheEmptyOne()
    {
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            await ReplyAsync(context, $"{body.Length} bytes");
        }, HttpProtocols.Http2);
        (CollectingSink sink, _) = await CallAsync(server, null);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.None, "5 bytes"), (answer.Error, answer.Body)));
    }

    [Fact]
    public async Task Call_UnavailableInTrailersOnly_IsGrpcAndSaysWhy()
    {
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "14";
            context.Response.Headers["grpc-message"] = "no%20healthy upstream";
            return Task.CompletedTask;
        }, HttpProtocols.Http2);
        (CollectingSink sink, _) = await CallAsync(server, null);
        Assert.All(sink.Answers, answer => Assert.Equal(
            (LoadError.Grpc, "grpc-status 14 (UNAVAILABLE): no healthy upstream"), (answer.Error, answer.Detail)));
    }

    [Fact]
    public async Task Call_FailedAfterItsReply_IsGrpc()
    {
        await using TargetServer server =
            await TargetServer.StartAsync(context => ReplyAsync(context, "Hello", status: "13"), HttpProtocols.Http2);
        (CollectingSink sink, _) = await CallAsync(server, null);
        Assert.All(sink.Answers, answer => Assert.Equal(
            (LoadError.Grpc, "grpc-status 13 (INTERNAL)"), (answer.Error, answer.Detail)));
    }

    [Theory]
    [InlineData("application/grpc", "", "no whole, uncompressed message")]
    [InlineData("application/grpc", "\u0001\0\0\0\u0002\n\0", "no whole, uncompressed message")]
    [InlineData("application/grpc", "\0\0\0\0\u0009\n\0", "no whole, uncompressed message")]
    [InlineData("application/grpc", "\0\0\0\0\u0002\n\u0009", "no whole, uncompressed message")]
    public async Task Call_OkButNoMessage_IsBroken(string type, string body, string says)
    {
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes(body));
            context.Response.AppendTrailer("grpc-status", "0");
        }, HttpProtocols.Http2);
        (CollectingSink sink, _) = await CallAsync(server, null);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Broken, answer.Error));
        Assert.All(sink.Answers, answer => Assert.Contains(says, answer.Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/html", "the answer is text/html, not gRPC")]
    [InlineData("application/grpc+proto", "the gRPC answer has no status")]
    public async Task Call_NotGrpc_IsBrokenAndSaysWhatCame(string type, string says)
    {
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            context.Response.ContentType = type;
            return context.Response.WriteAsync("hello");
        }, HttpProtocols.Http2);
        (CollectingSink sink, _) = await CallAsync(server, null);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.Broken, says), (answer.Error, answer.Detail)));
    }

    [Fact]
    public async Task Call_HttpError_IsThatError()
    {
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsync("no healthy upstream");
        }, HttpProtocols.Http2);
        (CollectingSink sink, _) = await CallAsync(server, null);
        Assert.All(sink.Answers, answer => Assert.Equal(
            (LoadError.Http5xx, "no healthy upstream"), (answer.Error, answer.Body)));
    }

    private static async Task ReplyAsync(HttpContext context, string text, string status = "0")
    {
        byte[] message = ProtobufMessage.Write(new Hashtable { [1] = text });
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, (byte)message.Length });
        await context.Response.Body.WriteAsync(message);
        context.Response.AppendTrailer("grpc-status", status);
    }

    private static async Task<(CollectingSink Sink, LoadReport Report)> CallAsync(
        TargetServer server, Hashtable? message)
    {
        CollectingSink sink = new(10);
        LoadPlan plan = new()
        {
            Uri = new Uri(server.Uri, "/org.feuyeux.grpc.Greeter/SayHello"),
            Concurrency = 2,
            Timeout = Patience,
            GrpcMessage = ProtobufMessage.Write(message),
        };
        return (sink, await new HttpLoadGenerator().RunAsync(plan, sink, default));
    }
}
