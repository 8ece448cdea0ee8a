using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class LocalProbeTests
{
    [Fact]
    public async Task RunAsync_Answer_IsReported()
    {
        await using OneAnswerServer server = new(OneAnswerServer.Http(200, "Hello eric(10.0.0.1)"));
        ProbeReport report = await ProbeAsync($"http://127.0.0.1:{server.Port}/hello/eric");
        Assert.Equal((null, 200, "Hello eric(10.0.0.1)"), (report.FailedStage, report.StatusCode, report.Body));
        Assert.True(report.Latency > TimeSpan.Zero);
    }

    [Fact]
    public async Task RunAsync_NobodyListens_FailsAtConnect()
    {
        int port;
        await using (OneAnswerServer server = new(""))
        {
            port = server.Port;
        }

        Assert.Equal(PathStage.Connect, (await ProbeAsync($"http://127.0.0.1:{port}/")).FailedStage);
    }

    [Fact]
    public async Task RunAsync_TlsToAPlainPort_FailsAtTls()
    {
        await using OneAnswerServer server = new(OneAnswerServer.Http(200, "x"));
        Assert.Equal(PathStage.Tls, (await ProbeAsync($"https://127.0.0.1:{server.Port}/")).FailedStage);
    }

    [Fact]
    public async Task RunAsync_SilentServer_FailsAtHttp()
    {
        await using OneAnswerServer server = new(answer: null);
        ProbeReport report = await LocalProbe.RunAsync(
            new Uri($"http://127.0.0.1:{server.Port}/"), TimeSpan.FromSeconds(3), TimeProvider.System, default);
        Assert.Equal(PathStage.Http, report.FailedStage);
        Assert.Contains("within 3 s", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_Throws()
    {
        await using OneAnswerServer server = new(answer: null);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LocalProbe.RunAsync(
            new Uri($"http://127.0.0.1:{server.Port}/"), TimeSpan.FromSeconds(30), TimeProvider.System, stop.Token));
    }

    private static Task<ProbeReport> ProbeAsync(string url) =>
        LocalProbe.RunAsync(new Uri(url), TimeSpan.FromSeconds(10), TimeProvider.System, default);
}
