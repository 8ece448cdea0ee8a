using System.Diagnostics;
using HybridMesh.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Load.Tests;

/// <summary>The end of runs that want a number of answers, not of requests.</summary>
public sealed class CountEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<HttpProtocols, string, double?> Engines => new()
    {
        { HttpProtocols.Http1, "1.1", null },
        { HttpProtocols.Http2, "2.0", null },
        { HttpProtocols.Http1, "1.1", 100 },
        { HttpProtocols.Http2, "2.0", 100 },
    };

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task LastRequests_ThatFail_AreMadeUpFor(HttpProtocols protocols, string version, double? rate)
    {
        // The first of the last four fails when the other three have been answered and nothing more was to be sent.
        int asked = 0;
        TaskCompletionSource others = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SuccessSink sink = new(8, answered => _ = answered == 7 && others.TrySetResult());
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) == 5)
            {
                await others.Task.WaitAsync(Patience);
                context.Response.StatusCode = 503;
            }

            await context.Response.WriteAsync("ok");
        }, protocols);
        await new HttpLoadGenerator().RunAsync(Plan(server.Uri, version) with { Rate = rate }, sink, default);
        Assert.Equal((8, 9, 9), (sink.Succeeded, sink.Begun, server.Requests));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "1.1")]
    [InlineData(HttpProtocols.Http2, "2.0")]
    public async Task LastAnswer_OfASlowRate_EndsTheRun(HttpProtocols protocols, string version)
    {
        await using TargetServer server =
            await TargetServer.StartAsync(context => context.Response.WriteAsync("ok"), protocols);
        SuccessSink sink = new(1);

        // The second request would be due after ten minutes.
        LoadReport report = await new HttpLoadGenerator()
            .RunAsync(Plan(server.Uri, version) with { Rate = 1 / 600.0 }, sink, default).WaitAsync(Patience);
        Assert.Equal((1, 1), (sink.Succeeded, sink.Begun));
        Assert.Equal(1 / 600.0, report.AchievedRate!.Value, 1e-4);
    }

    [Fact]
    public async Task Stop_WhileAnswersAreRead_LeavesTheOthersUnread()
    {
        // While the first answer is looked at all others come; at the second the user stops.
        int asked = 0;
        int answered = 0;
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                await first.Task.WaitAsync(Patience);
            }

            await context.Response.WriteAsync("ok");
            await context.Response.CompleteAsync();
            if (Interlocked.Increment(ref answered) == 8)
            {
                all.SetResult();
            }
        });
        using CancellationTokenSource stop = new();
        int read = 0;
        SuccessSink sink = new(8, _ =>
        {
            if (Interlocked.Increment(ref read) == 1)
            {
                first.SetResult();
                Assert.True(all.Task.Wait(Patience));
                return;
            }

            stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new HttpLoadGenerator().RunAsync(
            Plan(server.Uri, "1.1") with { Concurrency = 8 }, sink, stop.Token));
        Assert.Equal(2, read);
    }

    private static LoadPlan Plan(Uri uri, string version) =>
        new() { Uri = uri, Concurrency = 4, Timeout = Patience, HttpVersion = Version.Parse(version) };

    private sealed class SuccessSink(int wanted, Action<int>? answered = null) : ILoadSink
    {
        private readonly object _gate = new();
        private int _underWay;

        public int Begun { get; private set; }

        public int Succeeded { get; private set; }

        public bool WantsMore
        {
            get
            {
                lock (_gate)
                {
                    return Succeeded + _underWay < wanted;
                }
            }
        }

        public bool TryBegin(out long ticket)
        {
            lock (_gate)
            {
                ticket = Begun;
                if (!WantsMore)
                {
                    return false;
                }

                Begun++;
                _underWay++;
                return true;
            }
        }

        public string? Complete(in LoadAnswer answer)
        {
            lock (_gate)
            {
                _underWay--;
                Succeeded += answer.Error == LoadError.None ? 1 : 0;
                answered?.Invoke(Succeeded);
                return null;
            }
        }
    }
}
