using HybridMesh.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Load.Tests;

/// <summary>What HTTP/2 servers do to their connections.</summary>
public sealed class Http2ConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task GoAway_InTheMiddle_CostsNoRequest()
    {
        // Each connection is drained after every fifth request, as Envoy does with max_requests_per_connection.
        int asked = 0;
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) % 5 == 0)
            {
                context.Features.Get<IConnectionLifetimeNotificationFeature>()!.RequestClose();
            }

            return context.Response.WriteAsync("ok");
        }, HttpProtocols.Http2);
        (CollectingSink sink, LoadReport report) = await RunAsync(server, 60);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.None, "ok"), (answer.Error, answer.Body)));
        Assert.InRange(report.ConnectionsOpened, 5, 20);
        Assert.Equal(report.ConnectionsOpened, sink.Connections.Max());
    }

    [Fact]
    public async Task ResetStream_FailsThatRequestOnly()
    {
        int asked = 0;
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) == 10)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync("ok");
        }, HttpProtocols.Http2);
        (CollectingSink sink, LoadReport report) = await RunAsync(server, 40);
        Assert.Equal(
            LoadError.Broken, Assert.Single(sink.Answers, answer => answer.Error != LoadError.None).Error);
        Assert.Equal(2, report.ConnectionsOpened);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CutConnection_BeforeAnAnswer_IsSentAgainOnceWhereThatIsSafe(bool grpc)
    {
        int asked = 0;
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) == 10)
            {
                context.Features.Get<IConnectionLifetimeFeature>()!.Abort();
            }

            return context.Response.WriteAsync("ok");
        }, HttpProtocols.Http2);
        (CollectingSink sink, LoadReport report) = await RunAsync(
            server, 40, plan => plan with
            {
                GrpcMessage = grpc ? (ReadOnlyMemory<byte>?)Array.Empty<byte>() : null,
                Concurrency = 1,
            });
        Assert.Equal(grpc ? (40, 0L) : (41, 1L), (server.Requests, report.Retried));
        Assert.Equal(2, report.ConnectionsOpened);
        Assert.Equal(grpc ? 1 : 0, sink.Answers.Count(answer => answer.Status == 0));
    }

    [Fact]
    public async Task NewConnection_CutBeforeAnAnswer_IsBroken()
    {
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            context.Features.Get<IConnectionLifetimeFeature>()!.Abort();
            return Task.CompletedTask;
        }, HttpProtocols.Http2);
        (CollectingSink sink, LoadReport report) = await RunAsync(server, 5);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Broken, answer.Error));
        Assert.Equal((5, 0L), (server.Requests, report.Retried));
    }

    [Fact]
    public async Task SlowAnswer_IsTimeoutAndTheConnectionStays()
    {
        int asked = 0;
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) == 3)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            await context.Response.WriteAsync("ok");
        }, HttpProtocols.Http2);
        (CollectingSink sink, LoadReport report) =
            await RunAsync(server, 20, plan => plan with { Timeout = TimeSpan.FromSeconds(2), Concurrency = 1 });
        Assert.Equal(
            LoadError.Timeout, Assert.Single(sink.Answers, answer => answer.Error != LoadError.None).Error);
        Assert.Equal(1, report.ConnectionsOpened);
    }

    private static async Task<(CollectingSink Sink, LoadReport Report)> RunAsync(
        TargetServer server, int count, Func<LoadPlan, LoadPlan>? change = null)
    {
        CollectingSink sink = new(count);
        LoadPlan plan = new() { Uri = server.Uri, Concurrency = 2, Timeout = Patience, HttpVersion = new(2, 0) };
        return (sink, await new HttpLoadGenerator().RunAsync(change?.Invoke(plan) ?? plan, sink, default));
    }
}
