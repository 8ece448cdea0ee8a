using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// The channels of a remote command in one WebSocket: each message's first byte says which stream it belongs to. In v5
/// the client ends a stream with channel 255 and the stream's number.
/// </summary>
internal sealed class ExecStreams(WebSocket socket, bool withInput, bool withOutput, bool withError) : IDisposable
{
    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Error = 2;
    private const byte Result = 3;
    private const byte Close = 255;
    private readonly SemaphoreSlim _sending = new(1);

    public delegate Task<int> Command(Stream? input, Stream output, Stream error, CancellationToken cancellationToken);

    public async Task RunAsync(Command command, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Pipe pipe = new();
        Task receiving = ReceiveAsync(pipe.Writer, end);
        try
        {
            await SendAsync(Result,
                Encoding.UTF8.GetBytes((await StatusAsync(command, pipe, end.Token)).ToJsonString()), end.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", end.Token);

            // The client answers the close; who does not is left behind.
            end.CancelAfter(TimeSpan.FromSeconds(5));
            await receiving;
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException)
        {
            socket.Abort();
        }
        finally
        {
            await end.CancelAsync();
            await receiving.ContinueWith(_ => { }, TaskScheduler.Default);
            await pipe.Reader.CompleteAsync();
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task<JsonObject> StatusAsync(Command command, Pipe pipe, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream output = withOutput ? new ChannelStream(this, Output) : Stream.Null;
            await using Stream error = withError ? new ChannelStream(this, Error) : Stream.Null;
            int exitCode = await command(
                withInput ? pipe.Reader.AsStream(leaveOpen: true) : null, output, error, cancellationToken);
            return exitCode == 0
                ? new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" }
                : Failure(
                    "NonZeroExitCode",
                    $"command terminated with non-zero exit code: Error executing in Docker Container: {exitCode}",
                    new JsonObject
                    {
                        ["causes"] = new JsonArray(
                        new JsonObject { ["reason"] = "ExitCode", ["message"] = $"{exitCode}" })
                    });
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Failure("InternalError", $"Internal error occurred: {failure.Message}", null);
        }
    }

    private static JsonObject Failure(string reason, string message, JsonObject? details)
    {
        JsonObject status = new()
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
            ["reason"] = reason,
        };
        if (details is not null)
        {
            status["details"] = details;
        }

        return status;
    }

    private async Task ReceiveAsync(PipeWriter input, CancellationTokenSource end)
    {
        byte[] buffer = new byte[32 * 1024];
        try
        {
            bool first = true;
            byte channel = 0;
            while (true)
            {
                ValueWebSocketReceiveResult got = await socket.ReceiveAsync(buffer.AsMemory(), end.Token);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                int start = first && got.Count > 0 ? 1 : 0;
                channel = start == 1 ? buffer[0] : channel;
                first = got.EndOfMessage;
                if (channel == Input && got.Count > start)
                {
                    await input.WriteAsync(buffer.AsMemory(start, got.Count - start), end.Token);
                }
                else if (channel == Close && got.Count > start && buffer[start] == Input)
                {
                    await input.CompleteAsync();
                }
            }

            // A client that goes while its command runs ends the command.
            if (socket.State == WebSocketState.CloseReceived)
            {
                await end.CancelAsync();
            }
        }
        finally
        {
            await input.CompleteAsync();
        }
    }

    private async Task SendAsync(byte channel, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        byte[] message = new byte[bytes.Length + 1];
        message[0] = channel;
        bytes.CopyTo(message.AsMemory(1));
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>What is written goes out on one channel.</summary>
    private sealed class ChannelStream(ExecStreams owner, byte channel) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!buffer.IsEmpty)
            {
                await owner.SendAsync(channel, buffer, cancellationToken);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) =>
            WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
