using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace HybridMesh.Load.Tests;

/// <summary>A port that accepts nobody and whose queue is full, so that connecting to it never ends.</summary>
internal sealed class FullListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];
    private readonly int _before;

    public FullListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        for (int i = 0; i < 4; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _waiting.Add(socket);
            _ = socket.ConnectAsync(_listener.LocalEndPoint!).ContinueWith(
                task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default);
        }

        Uri = new Uri($"http://{_listener.LocalEndPoint}/");
        _before = Knocks();
    }

    public Uri Uri { get; }

    /// <summary>Waits until somebody else tries to connect.</summary>
    public async Task KnockedAtAsync(TimeSpan patience)
    {
        using CancellationTokenSource limit = new(patience);
        while (Knocks() == _before)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    public void Dispose()
    {
        _waiting.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private int Knocks() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Count(
        connection => connection.State == TcpState.SynSent
            && connection.RemoteEndPoint.Equals(_listener.LocalEndPoint));
}
