using System.Security.Cryptography.X509Certificates;
using HybridMesh.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Load.Tests;

public sealed class TlsAndHttp2Tests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Version Two = new(2, 0);

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task Tls_TrustedCertificate_IsAnswered(int version, bool newConnection)
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using TargetServer server =
            await TargetServer.StartAsync(SayProtocol, HttpProtocols.Http1AndHttp2, certificate);
        HttpLoadGenerator generator = new() { Trust = TestCertificate.Trust(certificate) };
        CollectingSink sink = new(12);
        LoadPlan plan =
            Plan(server.Uri) with { HttpVersion = new Version(version, version % 2), NewConnection = newConnection };
        LoadReport report = await generator.RunAsync(plan, sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal(
            (LoadError.None, null, version == 2 ? "HTTP/2" : "HTTP/1.1"), (answer.Error, answer.Detail, answer.Body)));
        Assert.Equal(newConnection ? 12 : 3, server.Connections.Count);
        Assert.Equal(newConnection ? 12L : 3, report.ConnectionsOpened);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tls_UntrustedCertificate_IsTls(int version)
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using TargetServer server =
            await TargetServer.StartAsync(SayProtocol, HttpProtocols.Http1AndHttp2, certificate);
        CollectingSink sink = new(3);
        await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri) with { HttpVersion = new Version(version, version % 2) }, sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Tls, answer.Error));
        Assert.All(sink.Answers, answer => Assert.Contains("certificate", answer.Detail, StringComparison.Ordinal));
        Assert.Equal(0, server.Requests);
    }

    [Theory]
    [InlineData(true, "close")]
    [InlineData(false, "")]
    public async Task Tls_NewConnection_SaysSoToTheServer(bool newConnection, string expected)
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using TargetServer server = await TargetServer.StartAsync(
            context => context.Response.WriteAsync($"{context.Request.Headers.Connection}"),
            HttpProtocols.Http1, certificate);
        CollectingSink sink = new(3);
        await new HttpLoadGenerator { Trust = TestCertificate.Trust(certificate) }.RunAsync(
            Plan(server.Uri) with { NewConnection = newConnection }, sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.None, expected), (answer.Error, answer.Body)));
    }

    [Fact]
    public async Task Tls_CertificateOfAnotherHost_IsTls()
    {
        using X509Certificate2 certificate = TestCertificate.Create();
        await using TargetServer server = await TargetServer.StartAsync(SayProtocol, HttpProtocols.Http1, certificate);
        HttpLoadGenerator generator = new() { Trust = TestCertificate.Trust(certificate) };
        CollectingSink sink = new(1);
        LoadPlan plan = Plan(server.Uri) with
        {
            Headers = new Dictionary<string, string> { ["Host"] = "hello.example:8443" },
        };
        await generator.RunAsync(plan, sink, default);
        Assert.Equal(LoadError.Tls, Assert.Single(sink.Answers).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task H2c_PriorKnowledge_HasAConnectionForEachWorkerOrEachRequest(bool newConnection)
    {
        await using TargetServer server = await TargetServer.StartAsync(SayProtocol, HttpProtocols.Http2);
        CollectingSink sink = new(30);
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri) with { HttpVersion = Two, NewConnection = newConnection }, sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.None, "HTTP/2"), (answer.Error, answer.Body)));
        Assert.Equal(newConnection ? 30 : 3, server.Connections.Count);
        Assert.Equal(newConnection ? 30L : 3, report.ConnectionsOpened);
    }

    [Fact]
    public async Task H2c_ServerThatSpeaksHttp1Only_IsBroken()
    {
        await using TargetServer server = await TargetServer.StartAsync(SayProtocol, HttpProtocols.Http1);
        CollectingSink sink = new(2);
        await new HttpLoadGenerator().RunAsync(Plan(server.Uri) with { HttpVersion = Two }, sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Broken, answer.Error));
    }

    [Fact]
    public async Task HundredsOfConnections_AreAllUnderWayAtATime()
    {
        const int connections = 530;
        TaskCompletionSource allHere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        await using TargetServer server = await TargetServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref arrived) == connections)
            {
                allHere.SetResult();
            }

            await allHere.Task.WaitAsync(Patience);
            await context.Response.WriteAsync("ok");
        });
        CollectingSink sink = new(connections * 2);
        LoadReport report = await new HttpLoadGenerator().RunAsync(
            Plan(server.Uri) with { Concurrency = connections }, sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal((LoadError.None, "ok"), (answer.Error, answer.Body)));
        Assert.Equal((connections * 2, connections), (server.Requests, server.Connections.Count));
        Assert.Equal(connections, report.ConnectionsOpened);
    }

    private static Task SayProtocol(HttpContext context) => context.Response.WriteAsync(context.Request.Protocol);

    private static LoadPlan Plan(Uri uri) => new() { Uri = uri, Concurrency = 3, Timeout = Patience };
}
