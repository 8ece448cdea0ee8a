using System.Net;
using System.Net.Sockets;

namespace HybridMesh.Load.Tests;

/// <summary>A port that accepts nobody and whose queue is full, so that connecting to it never ends.</summary>
internal sealed class FullListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public FullListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        for (int i = 0; i < 4; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _waiting.Add(socket);
            _ = socket.ConnectAsync(_listener.LocalEndPoint!).ContinueWith(
                task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        Uri = new Uri($"http://{_listener.LocalEndPoint}/");
    }

    public Uri Uri { get; }

    public void Dispose()
    {
        _waiting.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}
