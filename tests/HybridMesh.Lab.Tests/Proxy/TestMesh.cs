using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace HybridMesh.Lab.Tests;

/// <summary>Both stores, a running proxy on a block of its own and small backends behind it.</summary>
public sealed class TestMesh : IAsyncDisposable
{
    // Labs claim their blocks from 0 on; these are far behind.
    private const int FirstBlock = 40;
    private const int LastBlock = 69;

    private readonly List<WebApplication> _backends = [];
    private readonly TcpListener _claim;

    public TestMesh(MeshProxyOptions? options = null)
    {
        (Block, _claim) = Claim();
        DataPlane = new ObjectStore("data", TimeProvider.System);
        ControlPlane = new ObjectStore("control", TimeProvider.System);
        Options = options ?? new MeshProxyOptions { Seed = 1 };
        Proxy = new MeshProxy(DataPlane, ControlPlane, Block, Options);
        Port = FreePort(Block.Ingress);
        ServiceAddress = Block.Service(1).ToString();
    }

    public AddressBlock Block { get; }

    public ObjectStore DataPlane { get; }

    public ObjectStore ControlPlane { get; }

    public MeshProxyOptions Options { get; }

    public MeshProxy Proxy { get; }

    /// <summary>A port free on the ingress address.</summary>
    public int Port { get; }

    public string ServiceAddress { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public Uri Ingress => new($"http://{Block.Ingress}:{Port}/");

    public Uri Service => new($"http://{ServiceAddress}:8001/");

    public static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public static int FreePort(IPAddress address)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A backend on the i-th VM's address, port 8001, that answers as told.</summary>
    public async Task<string> StartVmAsync(int index, RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            Block.Vm(index), 8001, listen => listen.Protocols = protocols));
        WebApplication backend = builder.Build();
        backend.Run(answer);
        await backend.StartAsync();
        _backends.Add(backend);
        return Block.Vm(index).ToString();
    }

    public Task<string> StartVmAsync(int index, string text) =>
        StartVmAsync(index, context => context.Response.WriteAsync(text));

    /// <summary>The article's hello2 on three VMs that answer v1, v2, v3, reached through its ClusterIP and the ingress.</summary>
    public async Task StartScenarioAsync(int v1 = 30, int v2 = 60, int v3 = 10)
    {
        for (int index = 0; index < 3; index++)
        {
            string version = $"v{index + 1}";
            string address = await StartVmAsync(index, version);
            Put(ControlPlane, "WorkloadEntry", MeshObjects.WorkloadEntry($"hello2-{index + 1}", address, version));
        }

        Put(DataPlane, "Service", MeshObjects.Service("hello2-svc", ServiceAddress, 8001));
        Put(ControlPlane, "ServiceEntry", MeshObjects.ServiceEntry("hello2-svc", 8001));
        Put(ControlPlane, "DestinationRule", MeshObjects.DestinationRule());
        Put(ControlPlane, "VirtualService", MeshObjects.WeightedService(v1, v2, v3));
        await Proxy.StartAsync(Soon());
    }

    public static void Put(ObjectStore store, string kind, JsonObject item) => store.Update(
        kind, item["metadata"]!["namespace"]!.GetValue<string>(), item["metadata"]!["name"]!.GetValue<string>(),
        _ => item.DeepClone().AsObject());

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(Uri uri)
    {
        using HttpResponseMessage response = await Client.GetAsync(uri, Soon());
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Soon()));
    }

    /// <summary>How often each body came back.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(Uri uri, int requests)
    {
        ConcurrentDictionary<string, int> counts = [];
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, token) =>
            counts.AddOrUpdate(await Client.GetStringAsync(uri, token), 1, (_, count) => count + 1));
        return counts;
    }

    /// <summary>Asks until the answer is as wanted; fails after the time allowed.</summary>
    public async Task<(HttpStatusCode Status, string Body)> UntilAsync(
        Uri uri, Func<HttpStatusCode, string, bool> wanted, TimeSpan allowed)
    {
        long start = TimeProvider.System.GetTimestamp();
        string last = "";
        while (TimeProvider.System.GetElapsedTime(start) < allowed)
        {
            try
            {
                (HttpStatusCode status, string body) = await GetAsync(uri);
                last = $"{status} {body}";
                if (wanted(status, body))
                {
                    return (status, body);
                }
            }
            catch (HttpRequestException error)
            {
                last = error.Message;
            }

            // Asking without a pause would take the time from what is waited for.
            await Task.Delay(10);
        }

        throw new TimeoutException($"{uri} did not answer as wanted within {allowed}; last: {last}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Proxy.DisposeAsync();
        foreach (WebApplication backend in _backends)
        {
            await backend.DisposeAsync();
        }

        _claim.Dispose();
    }

    // A port of the block's last VM, held as long as the block is used: other runs of these tests take another one.
    private static (AddressBlock Block, TcpListener Claim) Claim()
    {
        for (int number = FirstBlock; number <= LastBlock; number++)
        {
            AddressBlock block = new(number);
            TcpListener claim = new(block.Vm(83), 1);
            try
            {
                claim.Start();
                return (block, claim);
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                claim.Dispose();
            }
        }

        throw new InvalidOperationException("No block of addresses is free.");
    }
}
