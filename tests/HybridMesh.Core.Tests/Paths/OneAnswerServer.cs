using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HybridMesh.Core.Tests;

/// <summary>Answers every connection on a loopback port with the same bytes; keeps the requests.</summary>
internal sealed class OneAnswerServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly string? _answer;
    private readonly Task _loop;

    /// <param name="answer">What to answer; null to take the request and say nothing.</param>
    public OneAnswerServer(string? answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Task.Run(LoopAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Requests { get; } = [];

    public static string Http(int status, string body) =>
        $"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_over.Token);
            _ = Task.Run(() => AnswerAsync(client));
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            byte[] buffer = new byte[16 * 1024];
            int length = await ReadAsync(client.GetStream(), buffer);
            Requests.Enqueue(Encoding.UTF8.GetString(buffer, 0, length));
            if (_answer is null)
            {
                await Task.Delay(Timeout.Infinite, _over.Token);
            }

            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(_answer!), _over.Token);
        }
    }

    // Bash sends a request line by line: what is left unread when a connection is closed can cost the client the answer.
    private async Task<int> ReadAsync(NetworkStream stream, byte[] buffer)
    {
        int length = 0;
        int read;
        do
        {
            read = await stream.ReadAsync(buffer.AsMemory(length), _over.Token);
            length += read;
        }
        while (read > 0 && buffer[0] == (byte)'G' && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0);
        return length;
    }
}
