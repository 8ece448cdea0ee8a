using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HybridMesh.Load.Tests;

/// <summary>A server below HTTP: the test says which bytes each connection gets for each request.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Func<RawRequest, Task> _answer;
    private readonly Task _accepting;
    private int _connections;
    private int _requests;

    public RawServer(Func<RawRequest, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        Uri = new Uri($"http://{_listener.LocalEndpoint}/hello/eric");
        _accepting = AcceptAsync();
    }

    public Uri Uri { get; }

    public int Connections => _connections;

    public int Requests => _requests;

    /// <summary>The last request's head, as it came.</summary>
    public string LastRequest { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_over.Token);
                socket.NoDelay = true;
                serving.Add(ServeAsync(socket, Interlocked.Increment(ref _connections)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        byte[] buffer = new byte[8192];
        using (socket)
        {
            try
            {
                for (int request = 1; ; request++)
                {
                    StringBuilder head = new();
                    while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                    {
                        int count = await socket.ReceiveAsync(buffer, _over.Token);
                        if (count == 0)
                        {
                            return;
                        }

                        head.Append(Encoding.UTF8.GetString(buffer, 0, count));
                    }

                    LastRequest = head.ToString();
                    int number = Interlocked.Increment(ref _requests);
                    await _answer(new RawRequest(socket, connection, request, number, _over.Token));
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client or the test has gone.
            }
        }
    }
}

/// <summary>A request that waits for bytes.</summary>
/// <param name="Socket">Its connection.</param>
/// <param name="Connection">The connection's number, from 1 on.</param>
/// <param name="OnConnection">The request's number on its connection, from 1 on.</param>
/// <param name="Number">The request's number, from 1 on.</param>
/// <param name="Over">The test's end.</param>
internal sealed record RawRequest(Socket Socket, int Connection, int OnConnection, int Number, CancellationToken Over)
{
    public async Task SendAsync(string text) => await Socket.SendAsync(Encoding.UTF8.GetBytes(text), Over);

    public Task SendHelloAsync(string body = "hello") =>
        SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Ends the connection in the usual way.</summary>
    public void Close() => Socket.Close();

    /// <summary>Ends it with a reset.</summary>
    public void Reset() => Socket.Close(0);
}
