using HybridMesh.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HybridMesh.Load.Tests;

/// <summary>Headers are the same over sockets and over HttpClient's handler.</summary>
public sealed class HeaderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("1.1", "x-user", "Zo\u00eb")]
    [InlineData("2.0", "x-user", "Zo\u00eb")]
    [InlineData("1.1", "Content-Type", "application/json")]
    [InlineData("2.0", "Content-Type", "application/json")]
    [InlineData("2.0", "Accept", "application/json; q=0.5, */*")]
    [InlineData("2.0", "User-Agent", "not (closed")]
    [InlineData("1.1", "Host", "hello.example:8004")]
    [InlineData("2.0", "Host", "hello.example:8004")]
    public async Task Sent_AsTheyAreGiven(string version, string name, string value)
    {
        string? seen = null;
        (LoadError Error, string? Header) answer = await AskAsync(
            version, context => seen = context.Request.Headers[name],
            plan => plan with { Headers = new Dictionary<string, string> { [name] = value } });
        Assert.Equal((LoadError.None, value), (answer.Error, seen));
    }

    [Theory]
    [InlineData("1.1", "x-version", "v\u00eb2")]
    [InlineData("2.0", "x-version", "v\u00eb2")]
    [InlineData("1.1", "Server", "hello/2 (v2)")]
    [InlineData("2.0", "Server", "hello/2 (v2)")]
    [InlineData("1.1", "Content-Language", "en")]
    [InlineData("2.0", "Content-Language", "en")]
    public async Task Captured_AsTheyCame(string version, string name, string value)
    {
        (LoadError Error, string? Header) answer = await AskAsync(
            version, context => context.Response.Headers[name] = value, plan => plan with { CaptureHeader = name });
        Assert.Equal((LoadError.None, value), answer);
    }

    private static async Task<(LoadError Error, string? Header)> AskAsync(
        string version, Action<HttpContext> answer, Func<LoadPlan, LoadPlan> change)
    {
        await using TargetServer server = await TargetServer.StartAsync(context =>
        {
            answer(context);
            return context.Response.WriteAsync("ok");
        }, version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        CollectingSink sink = new(1);
        LoadPlan plan = new()
        {
            Uri = server.Uri,
            Concurrency = 1,
            Timeout = Patience,
            HttpVersion = Version.Parse(version),
        };
        await new HttpLoadGenerator().RunAsync(change(plan), sink, default);
        (LoadError error, _, _, _, string? header, _) = Assert.Single(sink.Answers);
        return (error, header);
    }
}
