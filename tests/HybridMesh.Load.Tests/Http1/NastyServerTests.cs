using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Load.Tests;

/// <summary>What servers do to their clients.</summary>
public sealed class NastyServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Idle_ServerClosesTheKeptConnection_IsSentAgainOnceAndCounted()
    {
        // It takes the third request on a connection and closes instead of answering, as a server does whose idle time
        // is up.
        await using RawServer server = new(async request =>
        {
            if (request.OnConnection == 3)
            {
                request.Close();
                return;
            }

            await request.SendHelloAsync();
        });
        (CollectingSink sink, LoadReport report) = await RunAsync(server.Uri, 6);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.None, "hello"), (answer.Error, answer.Body)));
        Assert.Equal((6, 8, 3), (sink.Answers.Count, server.Requests, server.Connections));
        Assert.Equal((2L, 3L), (report.Retried, report.ConnectionsOpened));
    }

    [Fact]
    public async Task Reset_OnAKeptConnection_IsSentAgainOnce()
    {
        await using RawServer server = new(async request =>
        {
            if (request.OnConnection == 2)
            {
                request.Reset();
                return;
            }

            await request.SendHelloAsync();
        });
        (CollectingSink sink, LoadReport report) = await RunAsync(server.Uri, 3);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.None, answer.Error));
        Assert.Equal(2, report.Retried);
    }

    [Theory]
    [InlineData(true, "reset")]
    [InlineData(false, "closed the connection without an answer")]
    public async Task NewConnection_EndedWithoutAnAnswer_IsBrokenAndNotSentAgain(bool reset, string says)
    {
        await using RawServer server = new(request =>
        {
            if (reset)
            {
                request.Reset();
            }
            else
            {
                request.Close();
            }

            return Task.CompletedTask;
        });
        (CollectingSink sink, LoadReport report) = await RunAsync(server.Uri, 3);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Broken, answer.Error));
        Assert.All(sink.Answers, answer => Assert.Contains(says, answer.Detail, StringComparison.Ordinal));
        Assert.Equal((3, 0L), (server.Requests, report.Retried));
    }

    [Fact]
    public async Task Answer_CutOffAfterItsFirstByte_IsBrokenThoughTheConnectionWasKept()
    {
        await using RawServer server = new(async request =>
        {
            if (request.OnConnection == 2)
            {
                await request.SendAsync("H");
                request.Close();
                return;
            }

            await request.SendHelloAsync();
        });
        (CollectingSink sink, LoadReport report) = await RunAsync(server.Uri, 2);
        Assert.Equal([LoadError.None, LoadError.Broken], sink.Answers.Select(answer => answer.Error));
        Assert.Equal((2, 0L), (server.Requests, report.Retried));
    }

    [Fact]
    public async Task SuperfluousBytes_NeverBecomePartOfTheNextAnswer()
    {
        // Each answer brings half of another one that nobody asked for.
        await using RawServer server = new(request => request.SendAsync(
            $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{request.Number:00}"
            + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nXX"));
        (CollectingSink sink, _) = await RunAsync(server.Uri, 20);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"{i:00}"), sink.Answers.Select(answer => answer.Body));
    }

    [Fact]
    public async Task Answers_InManySmallParts_AreWhole()
    {
        const string text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x\r\n world\r\n0\r\n\r\n";
        await using RawServer server = new(async request =>
        {
            int size = 1 + (request.Number % 7);
            for (int i = 0; i < text.Length; i += size)
            {
                await request.SendAsync(text[i..Math.Min(text.Length, i + size)]);
            }
        });
        (CollectingSink sink, LoadReport report) = await RunAsync(server.Uri, 50);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.None, "hello world"), (answer.Error, answer.Body)));
        Assert.Equal(1, report.ConnectionsOpened);
    }

    [Fact]
    public async Task ClosingServer_GetsANewConnectionForEachRequestWithoutRetries()
    {
        await using RawServer server = new(async request =>
        {
            await request.SendAsync("HTTP/1.1 200 OK\r\n\r\nuntil the end");
            request.Close();
        });
        (CollectingSink sink, LoadReport report) = await RunAsync(server.Uri, 5);
        Assert.All(sink.Answers, answer => Assert.Equal(
            (LoadError.None, "until the end"), (answer.Error, answer.Body)));
        Assert.Equal((5L, 0L, 5), (report.ConnectionsOpened, report.Retried, server.Requests));
    }

    [Fact]
    public async Task NotHttp_IsBrokenAndShowsWhatCame()
    {
        await using RawServer server = new(request => request.SendAsync("-ERR unknown command 'GET'\r\n"));
        (CollectingSink sink, _) = await RunAsync(server.Uri, 2);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Broken, answer.Error));
        Assert.Contains("'-ERR unknown command 'GET''", sink.Answers.First().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DrippingServer_TimesOutThoughEachByteComesSoon()
    {
        await using RawServer server = new(async request =>
        {
            await request.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            while (!request.Over.IsCancellationRequested)
            {
                await request.SendAsync("x");
                await Task.Delay(20, request.Over);
            }
        });
        Stopwatch watch = Stopwatch.StartNew();
        (CollectingSink sink, _) =
            await RunAsync(server.Uri, 1, plan => plan with { Timeout = TimeSpan.FromSeconds(1) });
        Assert.Equal(LoadError.Timeout, Assert.Single(sink.Answers).Error);
        Assert.Contains("1 s", sink.Answers.First().Detail, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), Patience);
    }

    [Fact]
    public async Task DeadServer_WhoseQueueIsFull_TimesOutWhileConnecting()
    {
        using FullListener listener = new();
        (CollectingSink sink, _) =
            await RunAsync(listener.Uri, 2, plan => plan with { Timeout = TimeSpan.FromSeconds(1) });
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Timeout, answer.Error));
    }

    [Fact]
    public async Task DeadServer_ThatGoesAwayWhileConnecting_IsConnect()
    {
        using FullListener listener = new();
        CollectingSink sink = new(1);
        Task run = new HttpLoadGenerator().RunAsync(
            new LoadPlan { Uri = listener.Uri, Concurrency = 1, Timeout = Patience }, sink, default);
        await listener.KnockedAtAsync(Patience);
        // The next knock, within seconds, is refused.
        listener.Dispose();
        await run;
        Assert.Equal(LoadError.Connect, Assert.Single(sink.Answers).Error);
        Assert.Contains("refused", sink.Answers.First().Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Stop_WhileConnecting_EndsWithinASecond()
    {
        using FullListener listener = new();
        using CancellationTokenSource stop = new();
        Task run = new HttpLoadGenerator().RunAsync(
            new LoadPlan { Uri = listener.Uri, Timeout = Patience }, new CollectingSink(100), stop.Token);
        await listener.KnockedAtAsync(Patience);
        await StopsAsync(run, stop);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal")]
    public async Task Stop_InTheMiddleOfAnAnswer_EndsWithinASecond(string part)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = new(async request =>
        {
            await request.SendAsync(part);
            asked.TrySetResult();
        });
        using CancellationTokenSource stop = new();
        Task run = new HttpLoadGenerator().RunAsync(
            new LoadPlan { Uri = server.Uri, Timeout = Patience }, new CollectingSink(100), stop.Token);
        await asked.Task.WaitAsync(Patience);
        await StopsAsync(run, stop);
    }

    [Fact]
    public async Task NobodyListens_IsAskedAHundredTimesASecondAtMost()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri uri = new($"http://{listener.LocalEndpoint}/");
        listener.Stop();
        (CollectingSink sink, _) =
            await RunAsync(uri, int.MaxValue, plan => plan with { Duration = TimeSpan.FromSeconds(0.5) });
        Assert.InRange(sink.Answers.Count, 1, 60);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Connect, answer.Error));
    }

    [Fact]
    public async Task Request_IsWhatWasAskedForAndNothingElse()
    {
        await using RawServer server = new(request => request.SendHelloAsync());
        Uri uri = new(server.Uri, "/a%20b?c=d#e");
        await RunAsync(uri, 1, plan => plan with { Headers = new Dictionary<string, string> { ["x-user"] = "Zoë" } });
        Assert.Equal($"GET /a%20b?c=d HTTP/1.1\r\nHost: {uri.Authority}\r\nx-user: Zoë\r\n\r\n", server.LastRequest);
    }

    [Theory]
    [InlineData("x-a", "b\r\nx-c: d")]
    [InlineData("x a", "b")]
    [InlineData("", "b")]
    [InlineData("Content-Length", "5")]
    [InlineData("transfer-encoding", "chunked")]
    public async Task Header_ThatWouldBreakTheRequest_IsRefused(string name, string value)
    {
        await using RawServer server = new(request => request.SendHelloAsync());
        MeshException error = await Assert.ThrowsAsync<MeshException>(() => RunAsync(
            server.Uri, 1, plan => plan with { Headers = new Dictionary<string, string> { [name] = value } }));
        Assert.Equal((MeshErrorCode.ArgumentInvalid, (object)name), (error.Code, error.ErrorTarget));
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task NewConnection_EachRequestHasItsOwnAndSaysSo()
    {
        await using RawServer server = new(request => request.SendHelloAsync());
        (CollectingSink sink, LoadReport report) =
            await RunAsync(server.Uri, 20, plan => plan with { NewConnection = true, Concurrency = 4 });
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.None, answer.Error));
        Assert.Equal((20, 20L, 0L), (server.Connections, report.ConnectionsOpened, report.Retried));
        Assert.Contains("\r\nConnection: close\r\n", server.LastRequest, StringComparison.Ordinal);
    }

    private static async Task StopsAsync(Task run, CancellationTokenSource stop)
    {
        Stopwatch watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, RunningScript.StopLimit);
    }

    private static async Task<(CollectingSink Sink, LoadReport Report)> RunAsync(
        Uri uri, int count, Func<LoadPlan, LoadPlan>? change = null)
    {
        CollectingSink sink = new(count);
        LoadPlan plan = new() { Uri = uri, Concurrency = 1, Timeout = Patience };
        LoadReport report = await new HttpLoadGenerator().RunAsync(change?.Invoke(plan) ?? plan, sink, default);
        return (sink, report);
    }
}
