using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Load.Tests;

/// <summary>Names of several addresses, not all of which answer.</summary>
public sealed class AddressTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    public async Task FirstAddress_ThatNeverAnswers_DelaysNoRequest(string version, bool newConnection)
    {
        using FullListener dead = new();
        using TcpListener alive = new(Second, dead.Uri.Port);
        alive.Start();
        Task<string> preface = FirstBytesAsync(alive);
        CollectingSink sink = new(100);
        LoadPlan plan = new()
        {
            Uri = new Uri($"http://hello.example:{dead.Uri.Port}/"),
            Concurrency = 1,
            Timeout = Patience,
            HttpVersion = Version.Parse(version),
            NewConnection = newConnection,
        };
        using CancellationTokenSource stop = new();
        Task run = Generator([IPAddress.Loopback, Second]).RunAsync(plan, sink, stop.Token);
        Assert.StartsWith(
            version == "2.0" ? "PRI * HTTP/2.0" : "GET / HTTP/1.1", await preface.WaitAsync(Patience / 2),
            StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task FirstAddress_ThatRefuses_IsLeftForTheNext()
    {
        using TcpListener alive = new(Second, 0);
        alive.Start();
        int port = ((IPEndPoint)alive.LocalEndpoint).Port;
        IPAddress[] addresses =
            await AddressOrder.ReachableFirstAsync([IPAddress.Loopback, Second], port, Patience, default);
        Assert.Equal([Second, IPAddress.Loopback], addresses);
    }

    [Fact]
    public async Task NoAddress_ThatAnswers_KeepsTheirOrderAndFailsAsOneDoes()
    {
        using TcpListener gone = new(IPAddress.Loopback, 0);
        gone.Start();
        Uri uri = new($"http://hello.example:{((IPEndPoint)gone.LocalEndpoint).Port}/");
        gone.Stop();
        CollectingSink sink = new(2);
        await Generator([IPAddress.Loopback, Second]).RunAsync(
            new LoadPlan { Uri = uri, Concurrency = 1, Timeout = Patience }, sink, default);
        Assert.All(sink.Answers, answer => Assert.Equal(LoadError.Connect, answer.Error));
    }

    [Fact]
    public async Task Stop_WhileNoAddressAnswers_EndsWithinASecond()
    {
        using FullListener dead = new();
        using CancellationTokenSource stop = new();
        Task run = Generator([IPAddress.Loopback, IPAddress.Loopback]).RunAsync(
            new LoadPlan { Uri = new Uri($"http://hello.example:{dead.Uri.Port}/"), Timeout = Patience },
            new CollectingSink(100), stop.Token);
        await dead.KnockedAtAsync(Patience);
        Stopwatch watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, RunningScript.StopLimit);
    }

    private static HttpLoadGenerator Generator(IPAddress[] addresses) =>
        new() { Resolve = (_, _) => Task.FromResult(addresses) };

    // Of the first connection over which anything comes.
    private static async Task<string> FirstBytesAsync(TcpListener listener)
    {
        byte[] buffer = new byte[14];
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            int count = await client.GetStream().ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
            if (count == buffer.Length)
            {
                return System.Text.Encoding.ASCII.GetString(buffer);
            }
        }
    }
}
