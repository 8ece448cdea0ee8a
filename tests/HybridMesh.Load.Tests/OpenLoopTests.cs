using System.Diagnostics;
using HybridMesh.Core;
using HybridMesh.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Load.Tests;

public sealed class OpenLoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>HTTP/1.1 goes over threads, HTTP/2 over tasks.</summary>
    public static TheoryData<HttpProtocols, string> Engines => new()
    {
        { HttpProtocols.Http1, "1.1" },
        { HttpProtocols.Http2, "2.0" },
    };

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Rate_FastServer_IsKept(HttpProtocols protocols, string version)
    {
        await using TargetServer server =
            await TargetServer.StartAsync(context => context.Response.WriteAsync("ok"), protocols);
        CollectingSink sink = new(200);
        LoadReport report =
            await new HttpLoadGenerator().RunAsync(Plan(server.Uri, version) with { Rate = 200 }, sink, default);
        // The last of 200 requests is due 0.995 s after the first; none may come early.
        Assert.InRange(report.Elapsed, TimeSpan.FromSeconds(0.994), Patience);
        Assert.InRange(report.AchievedRate!.Value, 10, 200.5);
        Assert.Equal(0, report.Dropped);
        Assert.Equal(200, server.Requests);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Rate_ServerStalls_ShowsInTheLatencyOfAllThatWereDueMeanwhile(
        HttpProtocols protocols, string version)
    {
        // The first answer takes a second. A closed loop over one connection would see one slow request among the 200.
        int asked = 0;
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            await context.Response.WriteAsync("ok");
        }, protocols);
        CollectingSink sink = new(200);
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, version) with { Rate = 100, Concurrency = 1 }, sink, default);
        // Due during the stall, hence late by up to a second: a hundred. Half of all took half a second or more.
        Assert.InRange(report.Late, 90, 200);
        Assert.InRange(report.Latency.P90.TotalSeconds, 0.6, Patience.TotalSeconds);
        Assert.InRange(report.Latency.Max.TotalSeconds, 0.95, Patience.TotalSeconds);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Rate_MoreThanTheServerCan_SaysWhatWasDroppedAndAchieved(HttpProtocols protocols, string version)
    {
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            await Task.Delay(100);
            await context.Response.WriteAsync("ok");
        }, protocols);
        CollectingSink sink = new(int.MaxValue);
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, version) with { Rate = 1000, Concurrency = 2, Duration = TimeSpan.FromSeconds(1) },
            sink, default);
        Assert.Equal(1000, sink.Answers.Count + report.Dropped);
        Assert.InRange(sink.Answers.Count, 1, 25);
        Assert.InRange(report.AchievedRate!.Value, 1, 30);
        Assert.InRange(report.Late, 1, sink.Answers.Count);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Rate_FarBelowTheCapacity_UsesAllConnections(HttpProtocols protocols, string version)
    {
        await using TargetServer server =
            await TargetServer.StartAsync(context => context.Response.WriteAsync("ok"), protocols);
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, version) with { Rate = 100 }, new CollectingSink(40), default);
        Assert.Equal((4, 4L), (server.Connections.Count, report.ConnectionsOpened));
    }

    [Fact]
    public async Task Idle_ConnectionsTheServerCloses_AreMadeAnew()
    {
        await using RawServer server = new(async request =>
        {
            await request.SendHelloAsync();
            request.Close();
        });
        CollectingSink sink = new(6);
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, "1.1") with { Rate = 20, Concurrency = 1 }, sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.None, "hello"), (answer.Error, answer.Body)));
        Assert.Equal((6, 6L), (server.Requests, report.ConnectionsOpened));
    }

    [Fact]
    public async Task ClosedLoop_HasNoRateToKeep()
    {
        await using TargetServer server = await TargetServer.StartAsync(context => context.Response.WriteAsync("ok"));
        LoadReport report =
            await new HttpLoadGenerator().RunAsync(Plan(server.Uri, "1.1"), new CollectingSink(10), default);
        Assert.Equal((null, 0L, 0L), (report.AchievedRate, report.Late, report.Dropped));
    }

    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", null)]
    [InlineData("1.1", 200.0)]
    [InlineData("2.0", 200.0)]
    public async Task WarmUp_IsSentButDoesNotCount(string version, double? rate)
    {
        Stopwatch watch = Stopwatch.StartNew();
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync(watch.Elapsed < TimeSpan.FromSeconds(0.5) ? "warming up" : "ok");
        }, version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        watch.Restart();
        CollectingSink sink = new(50);
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, version) with { WarmUp = TimeSpan.FromSeconds(1.5), Rate = rate }, sink, default);
        Assert.Equal(50, sink.Answers.Count);
        Assert.InRange(server.Requests, 54, int.MaxValue);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), sink.Tickets.Order());
        Assert.All(sink.Answers, answer => Assert.Equal("ok", answer.Body));
        Assert.InRange(watch.Elapsed - report.Elapsed, TimeSpan.FromSeconds(1.4), Patience);
    }

    [Fact]
    public async Task WarmUp_RequestsSentAgainThen_DoNotCount()
    {
        // Until the warm-up is nearly over, each connection is closed at its second request.
        Stopwatch watch = Stopwatch.StartNew();
        int closed = 0;
        await using RawServer server = new(async request =>
        {
            if (watch.Elapsed < TimeSpan.FromSeconds(0.3) && request.OnConnection == 2)
            {
                Interlocked.Increment(ref closed);
                request.Close();
                return;
            }

            await request.SendHelloAsync();
        });
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, "1.1") with { WarmUp = TimeSpan.FromSeconds(1.5) }, new CollectingSink(5), default);
        Assert.InRange(closed, 1, int.MaxValue);
        Assert.Equal(0, report.Retried);
    }

    [Fact]
    public async Task Duration_ThatNobodyLives_EndsWithTheCount()
    {
        await using TargetServer server = await TargetServer.StartAsync(context => context.Response.WriteAsync("ok"));
        CollectingSink sink = new(20);
        await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, "1.1") with { Duration = TimeSpan.MaxValue }, sink, default);
        Assert.Equal(20, sink.Answers.Count);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Stop_WhileWaitingForTheNextRequest_EndsWithinASecond(HttpProtocols protocols, string version)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            asked.TrySetResult();
            return context.Response.WriteAsync("ok");
        }, protocols);
        using CancellationTokenSource stop = new();
        Task<LoadReport> run = new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, version) with { Rate = 0.01 }, new CollectingSink(100), stop.Token);
        await asked.Task.WaitAsync(Patience);
        Stopwatch watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, RunningScript.StopLimit);
    }

    [Fact]
    public async Task Groups_EachHasItsOwnLatency()
    {
        int asked = 0;
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            bool slow = Interlocked.Increment(ref asked) % 2 == 0;
            await Task.Delay(slow ? 100 : 0);
            context.Response.Headers["x-version"] = slow ? "slow" : "fast";
            await context.Response.WriteAsync("ok");
        });
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, "1.1") with { CaptureHeader = "x-version", Concurrency = 1 },
            new CollectingSink(20), default);
        Assert.Equal(["fast", "slow"], report.Groups.Keys.Order());
        Assert.InRange(report.Groups["slow"].P50.TotalMilliseconds, 95, Patience.TotalMilliseconds);
        Assert.True(report.Groups["fast"].P50 < report.Groups["slow"].P50);
        Assert.Equal(report.Latency.Max, report.Groups.Values.Max(latency => latency.Max));
    }

    private static LoadPlan Plan(Uri uri, string version) =>
        new() { Uri = uri, Concurrency = 4, Timeout = Patience, HttpVersion = Version.Parse(version) };
}
