using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace HybridMesh.Lab;

/// <summary>
/// The transport of the proxy's one Kestrel server: it listens on nothing itself but is handed connections that any
/// number of <see cref="MeshListener"/>s accepted, so that addresses come and go while it runs. Kestrel decides by
/// endpoint whether cleartext is HTTP/1.1 or HTTP/2: there is one queue for each.
/// </summary>
internal sealed class ConnectionHub : IConnectionListenerFactory, IAsyncDisposable
{
    /// <summary>The name of the queue of HTTP/1.1 connections; nothing is bound there.</summary>
    public static IPEndPoint Http1 { get; } = new(IPAddress.Loopback, 1);

    /// <summary>The name of the queue of HTTP/2 connections; nothing is bound there.</summary>
    public static IPEndPoint Http2 { get; } = new(IPAddress.Loopback, 2);

    private readonly ConnectionQueue _http1 = new(Http1);
    private readonly ConnectionQueue _http2 = new(Http2);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IConnectionListener>(endpoint.Equals(Http1) ? _http1 : _http2);

    /// <summary>Gives a connection to Kestrel, which disposes it; false when the server has stopped.</summary>
    public bool TryServe(ConnectionContext connection, bool http2) => (http2 ? _http2 : _http1).TryAdd(connection);

    public async ValueTask DisposeAsync()
    {
        await _http1.DisposeAsync();
        await _http2.DisposeAsync();
    }

    private sealed class ConnectionQueue(EndPoint endpoint) : IConnectionListener
    {
        private readonly Channel<ConnectionContext> _waiting = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint => endpoint;

        public bool TryAdd(ConnectionContext connection) => _waiting.Writer.TryWrite(connection);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await _waiting.Reader.WaitToReadAsync(cancellationToken)
            && _waiting.Reader.TryRead(out ConnectionContext? next) ? next : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _waiting.Writer.TryComplete();
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
