using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace HybridMesh.Lab;

/// <summary>
/// One address and port of the mesh. Sorts its connections by what the port is and by their first bytes: to Kestrel's
/// HTTP/1.1, to Kestrel's HTTP/2 (cleartext HTTP/2 begins with "PRI"), or byte for byte to a backend.
/// </summary>
internal sealed class MeshListener : IAsyncDisposable
{
    private readonly IConnectionListener _socket;
    private readonly ConnectionHub _hub;
    private readonly TcpRelay _relay;
    private readonly Draws _draws;
    private readonly Task _accepting;
    private volatile PortTable? _table;

    public MeshListener(IConnectionListener socket, ConnectionHub hub, TcpRelay relay, Draws draws, PortTable table)
    {
        _socket = socket;
        _hub = hub;
        _relay = relay;
        _draws = draws;
        _table = table;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>What is done with requests from now on; null when the listener was closed.</summary>
    public PortTable? Table
    {
        get => _table;
        set => _table = value;
    }

    public async ValueTask DisposeAsync()
    {
        _table = null;
        await _socket.UnbindAsync();
        await _accepting;
        await _socket.DisposeAsync();
    }

    private async Task AcceptAsync()
    {
        while (await _socket.AcceptAsync() is { } connection)
        {
            _ = SortAsync(connection);
        }
    }

    private async Task SortAsync(ConnectionContext connection)
    {
        bool served = false;
        try
        {
            switch (await KindOfAsync(connection, Table?.Protocol ?? AppProtocol.Tcp))
            {
                case AppProtocol.Tcp:
                    await _relay.RunAsync(connection, Table?.Tcp);
                    break;
                case AppProtocol kind:
                    connection.Features.Set(new ProxiedConnection(this, _draws.Next(), _draws.Next()));
                    served = _hub.TryServe(connection, kind == AppProtocol.Http2);
                    break;
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The peer went away before it could be served.
        }
        finally
        {
            if (!served)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task<AppProtocol> KindOfAsync(ConnectionContext connection, AppProtocol declared)
    {
        if (declared == AppProtocol.Tcp)
        {
            return AppProtocol.Tcp;
        }

        PipeReader input = connection.Transport.Input;
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            AppProtocol? kind = KindOf(read.Buffer, declared);
            if (kind is not null || read.IsCompleted)
            {
                // Nothing is marked as examined, so that the next reader gets these bytes at once.
                input.AdvanceTo(read.Buffer.Start);
                return kind ?? AppProtocol.Http;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static AppProtocol? KindOf(ReadOnlySequence<byte> bytes, AppProtocol declared)
    {
        Span<byte> first = stackalloc byte[3];
        int count = (int)Math.Min(bytes.Length, first.Length);
        bytes.Slice(0, count).CopyTo(first);
        if (count == 0)
        {
            return null;
        }

        if (declared == AppProtocol.Detect && !char.IsAsciiLetterUpper((char)first[0]))
        {
            return AppProtocol.Tcp;
        }

        // No method of HTTP/1.1 begins with PRI.
        return first[0] != 'P' ? AppProtocol.Http
            : count < 3 ? null
            : first.SequenceEqual("PRI"u8) ? AppProtocol.Http2 : AppProtocol.Http;
    }
}
