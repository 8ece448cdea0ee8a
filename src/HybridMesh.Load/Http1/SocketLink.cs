using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>One worker's connection, in clear or over TLS, made when it is needed.</summary>
internal sealed class SocketLink(SocketTarget target, RequestGuard guard, RunCounters counters) : IDisposable
{
    private Socket? _socket;
    private SslStream? _tls;

    /// <summary>Whether there is a connection.</summary>
    public bool IsOpen => _socket is not null;

    /// <summary>What failed, if something does now.</summary>
    public LoadError Stage { get; private set; }

    /// <summary>
    /// Whether something waits to be read: the server has closed the connection, or sent what nobody asked for. Over
    /// TLS that can't be told from housekeeping.
    /// </summary>
    public bool IsStale => _tls is null && _socket!.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects, and agrees on TLS.</summary>
    public void Open()
    {
        Stage = LoadError.Connect;
        _socket = Connect();
        counters.CountConnection();
        if (target.Tls is { } tls)
        {
            Stage = LoadError.Tls;
            _tls = new SslStream(new NetworkStream(_socket, ownsSocket: false));
            _tls.AuthenticateAsClient(tls);
        }

        Stage = LoadError.Broken;
    }

    public void Send()
    {
        if (_tls is not null)
        {
            _tls.Write(target.Request);
            return;
        }

        for (int sent = 0; sent < target.Request.Length;)
        {
            sent += _socket!.Send(target.Request.AsSpan(sent));
        }
    }

    /// <summary>Reads what is there, at least one byte; 0 at the end.</summary>
    public int Receive(Span<byte> buffer) => _tls is not null ? _tls.Read(buffer) : _socket!.Receive(buffer);

    public void Close()
    {
        guard.Watch(null);
        _tls?.Dispose();
        _socket?.Dispose();
        _tls = null;
        _socket = null;
    }

    public void Dispose() => Close();

    private Socket Connect()
    {
        for (int i = 0; ; i++)
        {
            IPEndPoint endPoint = target.EndPoints[i];
            Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            guard.Watch(socket);
            try
            {
                socket.Connect(endPoint);
                return socket;
            }
            catch (SocketException) when (i + 1 < target.EndPoints.Count && !guard.Expired && !guard.Stopped)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
