using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;
using HybridMesh.Testing;
using Microsoft.AspNetCore.Http;

namespace HybridMesh.Load.Tests;

public sealed class HttpLoadGeneratorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RunAsync_Count_SendsExactlySoManyOverAsManyConnectionsAsAsked()
    {
        TaskCompletionSource allHere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref arrived) == 4)
            {
                allHere.SetResult();
            }

            // Nobody gets an answer before four requests are under way together.
            await allHere.Task.WaitAsync(Patience);
            await context.Response.WriteAsync("Hello eric(127.0.0.1)");
        });
        CollectingSink sink = new(200);
        LoadReport report = await new HttpLoadGenerator().RunAsync(Plan(server.Uri, 4), sink, default);

        Assert.Equal(200, server.Requests);
        Assert.Equal(200, sink.Answers.Count);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), sink.Tickets.Order());
        Assert.All(sink.Answers, answer => Assert.Equal(
            (LoadError.None, 200, "Hello eric(127.0.0.1)"), (answer.Error, answer.Status, answer.Body)));
        Assert.Equal(4, server.MostUnderWay);
        Assert.Equal(4, server.Connections.Count);
        Assert.True(report.Elapsed > TimeSpan.Zero);
        Assert.True(report.Latency.P50 > TimeSpan.Zero);
        Assert.True(report.Latency.P50 <= report.Latency.P99 && report.Latency.P99 <= report.Latency.Max);
    }

    [Theory]
    [InlineData(503, LoadError.Http5xx)]
    [InlineData(404, LoadError.Http4xx)]
    [InlineData(302, LoadError.Http3xx)]
    public async Task RunAsync_ErrorStatus_IsClassifiedAndRedirectsAreNotFollowed(int status, LoadError expected)
    {
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync("no healthy upstream");
        });
        CollectingSink sink = new(3);
        await new HttpLoadGenerator().RunAsync(Plan(server.Uri, 1), sink, default);
        Assert.Equal(3, server.Requests);
        Assert.All(sink.Answers, answer => Assert.Equal(
            (expected, status, "no healthy upstream"), (answer.Error, answer.Status, answer.Body)));
    }

    [Theory]
    [InlineData(false, 1, 2)]
    [InlineData(true, 12, 12)]
    public async Task RunAsync_Answers_TellTheirConnection(bool fresh, int least, int most)
    {
        await using TargetServer server =
            await TargetServer.StartAsync(context => context.Response.WriteAsync("hello"));
        CollectingSink sink = new(12);
        LoadReport report =
            await new HttpLoadGenerator().RunAsync(Plan(server.Uri, 2) with { NewConnection = fresh }, sink, default);
        Assert.Equal(12, sink.Connections.Count);
        Assert.All(sink.Connections, number => Assert.InRange(number, 1, report.ConnectionsOpened));
        Assert.InRange(sink.Connections.Distinct().Count(), least, most);
    }

    [Fact]
    public async Task RunAsync_NobodyListens_IsConnect()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri uri = new($"http://{listener.LocalEndpoint}/");
        listener.Stop();
        CollectingSink sink = new(2);
        await new HttpLoadGenerator().RunAsync(Plan(uri, 1), sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Connect, answer.Error));
        Assert.Contains("refused", sink.Answers.First().Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task RunAsync_ConnectionCutMidway_IsBroken()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource over = new();
        Task cutting = Task.Run(async () =>
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(over.Token);
                await client.GetStream().ReadAtLeastAsync(new byte[4096], 1, cancellationToken: over.Token);
                await client.GetStream().WriteAsync(
                    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nHel"u8.ToArray(), over.Token);
            }
        });
        CollectingSink sink = new(2);
        await new HttpLoadGenerator().RunAsync(Plan(new Uri($"http://{listener.LocalEndpoint}/"), 1), sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Broken, answer.Error));
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cutting);
    }

    [Fact]
    public async Task RunAsync_TlsToAPlainPort_IsTls()
    {
        await using TargetServer server = await TargetServer.StartAsync(context => context.Response.WriteAsync("x"));
        CollectingSink sink = new(1);
        Uri uri = new UriBuilder(server.Uri) { Scheme = "https" }.Uri;
        await new HttpLoadGenerator().RunAsync(Plan(uri, 1), sink, default);
        Assert.Equal(LoadError.Tls, Assert.Single(sink.Answers).Error);
    }

    [Fact]
    public async Task RunAsync_SlowAnswer_IsTimeoutAndTheNextRequestGoesOn()
    {
        int asked = 0;
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            await context.Response.WriteAsync("ok");
        });
        CollectingSink sink = new(2);
        await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, 1) with { Timeout = TimeSpan.FromSeconds(2) }, sink, default);
        Assert.Equal([LoadError.Timeout, LoadError.None], sink.Answers.Select(answer => answer.Error));
    }

    [Fact]
    public async Task RunAsync_EndlessBody_IsReadUpToTheBound()
    {
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            byte[] block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });
        CollectingSink sink = new(1);
        await new HttpLoadGenerator().RunAsync(Plan(server.Uri, 1), sink, default);
        Assert.Equal((LoadError.None, 1024 * 1024), (sink.Answers.First().Error, sink.Answers.First().Length));
    }

    [Fact]
    public async Task RunAsync_Duration_EndsThenAndWaitsForWhatWasBegun()
    {
        await using TargetServer server = await TargetServer.StartAsync(context => context.Response.WriteAsync("ok"));
        CollectingSink sink = new(int.MaxValue);
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, 2) with { Duration = TimeSpan.FromSeconds(2) }, sink, default);
        Assert.InRange(report.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
        Assert.Equal(server.Requests, sink.Answers.Count);
        Assert.NotEmpty(sink.Answers);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsWithinASecondThoughNobodyAnswers()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using CancellationTokenSource stop = new();
        Task<LoadReport> run =
            new HttpLoadGenerator().RunAsync(Plan(server.Uri, 8), new CollectingSink(1000), stop.Token);
        await asked.Task.WaitAsync(Patience);
        Stopwatch watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, RunningScript.StopLimit);
    }

    [Fact]
    public async Task RunAsync_Headers_AreSentAndTheVersionHeaderIsCaptured()
    {
        string? host = null;
        string? canary = null;
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            (host, canary) = (context.Request.Headers.Host, context.Request.Headers["x-canary"]);
            context.Response.Headers["x-version"] = "v2";
            return context.Response.WriteAsync("ok");
        });
        CollectingSink sink = new(1);
        LoadPlan plan = Plan(server.Uri, 1) with
        {
            Headers = new Dictionary<string, string> { ["Host"] = "hello.example", ["x-canary"] = "yes" },
            CaptureHeader = "X-Version",
        };
        await new HttpLoadGenerator().RunAsync(plan, sink, default);
        Assert.Equal(("hello.example", "yes", "v2"), (host, canary, sink.Answers.First().Header));
    }

    [Fact]
    public async Task RunAsync_ProxyInTheEnvironment_IsNotUsed()
    {
        string? before = Environment.GetEnvironmentVariable("http_proxy");
        await using TargetServer server =
            await TargetServer.StartAsync(context => context.Response.WriteAsync("direct"));
        Environment.SetEnvironmentVariable("http_proxy", "http://127.0.0.1:1");
        try
        {
            CollectingSink sink = new(1);
            await new HttpLoadGenerator().RunAsync(Plan(server.Uri, 1), sink, default);
            Assert.Equal("direct", sink.Answers.First().Body);
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", before);
        }
    }

    private static LoadPlan Plan(Uri uri, int concurrency) =>
        new() { Uri = uri, Concurrency = concurrency, Timeout = Patience };
}
