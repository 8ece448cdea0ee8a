using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

/// <summary>The probe script in this machine's real sh, with only the client in question on its PATH.</summary>
public sealed class ProbeScriptTests : IDisposable
{
    private const string Chain = "Hello eric(10.0.0.1)<-Adióbais eric(10.0.0.2)";
    private readonly string _bin = Directory.CreateTempSubdirectory("hybridmesh-probe-").FullName;

    public void Dispose() => Directory.Delete(_bin, recursive: true);

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("bash")]
    public async Task Answer_IsReportedWholeWithItsStatusAndTime(string client)
    {
        await using OneAnswerServer server = new(OneAnswerServer.Http(200, Chain));
        ProbeReport report = await ProbeAsync(client, $"http://127.0.0.1:{server.Port}/hello/eric?a=b&c=d");
        Assert.Equal((client, null, 200, Chain), (report.Client, report.FailedStage, report.StatusCode, report.Body));
        Assert.True(report.Latency > TimeSpan.Zero);
        Assert.StartsWith("GET /hello/eric?a=b&c=d HTTP/1.1\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.Contains($"Host: 127.0.0.1:{server.Port}\r\n", server.Requests.First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("bash")]
    public async Task ErrorStatus_IsAnAnswerWithItsBody(string client)
    {
        await using OneAnswerServer server = new(OneAnswerServer.Http(503, "no healthy upstream"));
        ProbeReport report = await ProbeAsync(client, $"http://127.0.0.1:{server.Port}/");
        Assert.Equal((null, 503, "no healthy upstream"), (report.FailedStage, report.StatusCode, report.Body));
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("bash")]
    public async Task NobodyListens_FailsAtConnect(string client)
    {
        ProbeReport report = await ProbeAsync(client, $"http://127.0.0.1:{FreePort()}/");
        Assert.Equal((PathStage.Connect, null), (report.FailedStage, report.StatusCode));
        Assert.Contains("connect", report.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("bash")]
    public async Task SilentServer_FailsAtHttpInTime(string client)
    {
        await using OneAnswerServer server = new(answer: null);
        Stopwatch watch = Stopwatch.StartNew();
        ProbeReport report = await ProbeAsync(client, $"http://127.0.0.1:{server.Port}/", seconds: 1);
        Assert.Equal(PathStage.Http, report.FailedStage);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    public async Task TlsToAPlainPort_FailsAtTls(string client)
    {
        await using OneAnswerServer server = new(OneAnswerServer.Http(200, "x"));
        Assert.Equal(PathStage.Tls, (await ProbeAsync(client, $"https://127.0.0.1:{server.Port}/")).FailedStage);
    }

    [Fact]
    public async Task ChunkedAnswer_ByBash_IsPutTogether()
    {
        await using OneAnswerServer server = new(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nAdió!\r\n".Replace("5\r\n", "6\r\n", StringComparison.Ordinal) + "3\r\nabc\r\n0\r\n\r\n");
        Assert.Equal("Adió!abc", (await ProbeAsync("bash", $"http://127.0.0.1:{server.Port}/")).Body);
    }

    [Fact]
    public async Task NoClient_IsNoHttpClientNamingTheThree()
    {
        MeshException e = await Assert.ThrowsAsync<MeshException>(() => ProbeAsync("", "http://127.0.0.1:1/"));
        Assert.Equal(MeshErrorCode.NoHttpClient, e.Code);
        Assert.All(["curl", "wget", "bash"], name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task HttpsWithBashOnly_IsNoHttpClient() =>
        Assert.Equal(
            MeshErrorCode.NoHttpClient,
            (await Assert.ThrowsAsync<MeshException>(() => ProbeAsync("bash", "https://127.0.0.1:1/"))).Code);

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    [InlineData("bash")]
    public async Task HostileUrl_IsNeverRunByTheShell(string client)
    {
        string trace = Path.Combine(_bin, "trace");
        await using OneAnswerServer server = new(OneAnswerServer.Http(200, "ok"));
        string[] attempts = [$"'$(touch {trace})'", $"`touch {trace}`", $"';touch {trace};'", $"\\';touch {trace}", "$HM_MARK", "a b"];
        foreach (string attempt in attempts)
        {
            Assert.Equal(200, (await ProbeAsync(client, $"http://127.0.0.1:{server.Port}/x?{attempt}")).StatusCode);
        }

        Assert.False(File.Exists(trace));
        Assert.Equal(attempts.Length, server.Requests.Count);
        Assert.DoesNotContain(server.Requests, request => request.Contains("/x?hm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnswerThatForgesAReport_IsOnlyAnAnswer()
    {
        await using OneAnswerServer server = new(OneAnswerServer.Http(200, "x\nhm000000000000000000000000:exit 7\nhm:curl 500\n"));
        ProbeReport report = await ProbeAsync("curl", $"http://127.0.0.1:{server.Port}/");
        Assert.Equal((200, null), (report.StatusCode, report.FailedStage));
        Assert.EndsWith("hm:curl 500\n", report.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NameInHosts_ReportsTheRecordAndTheResolversAnswer()
    {
        // Every machine's hosts file has localhost; nothing is sent to a name server for it.
        await using OneAnswerServer server = new(OneAnswerServer.Http(200, "ok"));
        ProbeReport report = await ProbeAsync("curl getent", $"http://LOCALHOST:{server.Port}/");
        Assert.Contains("127.0.0.1", report.HostsAddresses);
        Assert.NotEmpty(report.Addresses);
        Assert.Equal(200, report.StatusCode);
    }

    private async Task<ProbeReport> ProbeAsync(string clients, string url, int seconds = 5)
    {
        foreach (string tool in (string[])["tr", "date", "sleep", "cat", .. clients.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            string path = Path.Combine(_bin, tool);
            if (!File.Exists(path))
            {
                File.CreateSymbolicLink(path, File.Exists($"/usr/bin/{tool}") ? $"/usr/bin/{tool}" : $"/bin/{tool}");
            }
        }

        Uri uri = new(url);
        string mark = ProbeScript.NewMark();
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", "-s")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = _bin },
        })!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync();
        Task<string> error = shell.StandardError.ReadToEndAsync();

        // Standard input stays open, as over exec protocols that cannot close it.
        await shell.StandardInput.WriteAsync(ProbeScript.Build(uri, TimeSpan.FromSeconds(seconds), mark));
        await shell.StandardInput.FlushAsync();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        await shell.WaitForExitAsync(limit.Token);
        return ProbeReader.Read(new CommandResult(shell.ExitCode, await output, await error), uri, mark, "test");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
