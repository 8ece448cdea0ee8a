using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace HybridMesh.Lab;

/// <summary>
/// The lab's mesh data plane: listens on the data plane's ClusterIPs and on the ingress address, and routes as the
/// resources of both planes say at the moment of each request.
/// </summary>
public sealed class MeshProxy : IAsyncDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BindAgain = TimeSpan.FromSeconds(1);

    private readonly ObjectStore _dataPlane;
    private readonly ObjectStore _controlPlane;
    private readonly AddressBlock _block;
    private readonly ILogger _log;
    private readonly ConnectionHub _hub = new();
    private readonly ListenerSet _listeners;
    private readonly KestrelServer _server;
    private readonly ServiceProvider _services;
    private readonly HttpMessageInvoker _client;
    private readonly ProxyApplication _application;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Task _following = Task.CompletedTask;
    private IReadOnlyList<string> _problems = [];

    public MeshProxy(
        ObjectStore dataPlane, ObjectStore controlPlane, AddressBlock block, MeshProxyOptions options,
        ILoggerFactory? loggers = null)
    {
        loggers ??= NullLoggerFactory.Instance;
        _dataPlane = dataPlane;
        _controlPlane = controlPlane;
        _block = block;
        _log = loggers.CreateLogger<MeshProxy>();
        Draws draws = new(options.Seed);
        _listeners = new ListenerSet(_hub, new TcpRelay(draws, options), draws, loggers);
        _services = new ServiceCollection().AddSingleton(loggers).AddLogging().AddHttpForwarder()
            .BuildServiceProvider();
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        });
        _application = new ProxyApplication(
            _services.GetRequiredService<IHttpForwarder>(), _client, draws, options, TimeProvider.System);
        _server = new KestrelServer(Options.Create(ServerOptions()), _hub, loggers);
    }

    /// <summary>Starts serving; the routing of what the stores hold now is in force when it returns.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(_application, cancellationToken);
        _dataPlane.Changed += OnChanged;
        _controlPlane.Changed += OnChanged;
        await RebuildAsync();
        _following = Task.Run(FollowAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _dataPlane.Changed -= OnChanged;
        _controlPlane.Changed -= OnChanged;
        await _stop.CancelAsync();
        await _following;
        await _listeners.DisposeAsync();

        // Open connections are cut, not drained: nothing of the lab outlives it.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        await _hub.DisposeAsync();
        _client.Dispose();
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    private static KestrelServerOptions ServerOptions()
    {
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.Http2.MaxStreamsPerConnection = 1000;
        options.Listen(ConnectionHub.Http1, listen => listen.Protocols = HttpProtocols.Http1);
        options.Listen(ConnectionHub.Http2, listen => listen.Protocols = HttpProtocols.Http2);
        return options;
    }

    private void OnChanged(StoreEvent change)
    {
        if (MeshResources.Concerns(change.Kind))
        {
            _changes.Writer.TryWrite(true);
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            while (await _changes.Reader.WaitToReadAsync(_stop.Token))
            {
                // One manifest makes many changes: they are taken together.
                await Task.Delay(Settle, _stop.Token);
                _changes.Reader.TryRead(out _);
                await RebuildAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task RebuildAsync()
    {
        try
        {
            RoutingSnapshot snapshot = RoutingCompiler.Compile(
                MeshResources.Read(_dataPlane, _controlPlane), _block.Ingress);
            Report(snapshot.Problems);
            if (!await _listeners.ApplyAsync(snapshot.Listeners))
            {
                _ = AgainAsync();
            }

            IngressServicePorts.Write(_dataPlane, snapshot.IngressPorts);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A resource no one foresaw must not take the mesh down: the last routing stays in force.
            _log.LogError(error, "The mesh's routing could not be rebuilt");
        }
    }

    private async Task AgainAsync()
    {
        await Task.Delay(BindAgain);
        _changes.Writer.TryWrite(true);
    }

    private void Report(IReadOnlyList<string> problems)
    {
        foreach (string problem in problems.Except(_problems))
        {
            _log.LogWarning("{Problem}", problem);
        }

        _problems = problems;
    }
}
