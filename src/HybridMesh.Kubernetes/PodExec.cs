using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes;

/// <summary>A container of a pod.</summary>
internal sealed record ExecTarget(string Namespace, string Pod, string? Container);

/// <summary>
/// Runs commands in pods over a WebSocket. Protocol v5 can close standard input; v4, which older servers speak, can't,
/// so a command that reads to the end of its input would never end there and is refused.
/// </summary>
internal sealed class PodExec(ApiTransport transport)
{
    private const string V5 = "v5.channel.k8s.io";
    private const string V4 = "v4.channel.k8s.io";
    private const byte StandardInput = 0, StandardOutput = 1, StandardError = 2, ErrorChannel = 3, CloseChannel = 255;
    private const int ChunkSize = 32 * 1024;

    public async Task<CommandResult> RunAsync(
        ExecTarget target, IReadOnlyList<string> command, string? standardInput, CancellationToken cancellationToken)
    {
        ApiCall call = Call(target, command, standardInput is not null);
        using ClientWebSocket socket = await ConnectAsync(call, target, cancellationToken).ConfigureAwait(false);
        if (standardInput is not null && socket.SubProtocol != V5)
        {
            throw new MeshException(
                MeshErrorCode.ApiUnavailable,
                $"{transport.Errors.Place} is too old to give a command in a pod its standard input (Kubernetes 1.30 "
                    + "is needed).");
        }

        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task writing = standardInput is null
            ? Task.CompletedTask : WriteAsync(socket, standardInput, ended.Token);
        try
        {
            return await ReadAsync(socket, target, cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException e)
        {
            throw new MeshException(
                MeshErrorCode.ApiUnreachable,
                $"The connection to {Name(target)} through {transport.Errors.Place} broke while the command ran: "
                    + $"{e.Message}",
                null, e);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ApiCall Call(ExecTarget target, IReadOnlyList<string> command, bool input)
    {
        (string, string?)[] parameters =
        [
            .. command.Select(part => ("command", (string?)part)), ("container", target.Container),
            ("stdin", input ? "true" : "false"), ("stdout", "true"), ("stderr", "true"), ("tty", "false"),
        ];
        return new ApiCall
        {
            Method = HttpMethod.Get,
            Path = $"{ResourcePath.Item(KubernetesKind.Pod, target.Namespace, target.Pod)}/exec"
                + ResourcePath.Query(parameters),
            Verb = "create",
            Kind = KubernetesKind.Pod,
            Namespace = target.Namespace,
            Name = target.Pod,
            Subresource = "exec",
            Idempotent = false,
        };
    }

    private static string Name(ExecTarget target) =>
        $"pod {target.Namespace}/{target.Pod}" + (target.Container is null ? "" : $", container {target.Container}");

    private async Task<ClientWebSocket> ConnectAsync(
        ApiCall call, ExecTarget target, CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        try
        {
            socket.Options.AddSubProtocol(V5);
            socket.Options.AddSubProtocol(V4);
            socket.Options.CollectHttpResponseDetails = true;
            using HttpRequestMessage credentials = new();
            await transport.AuthorizeAsync(credentials, cancellationToken).ConfigureAwait(false);
            foreach (KeyValuePair<string, IEnumerable<string>> header in credentials.Headers)
            {
                socket.Options.SetRequestHeader(header.Key, string.Join(' ', header.Value));
            }

            Uri http = new(transport.Client.BaseUri, call.Path);
            Uri uri = new UriBuilder(http) { Scheme = http.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;

            // Through the library's client, so that its trust and client certificates hold here too.
            await socket.ConnectAsync(uri, transport.Client.HttpClient, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (WebSocketException e)
        {
            HttpStatusCode code = socket.HttpStatusCode;
            socket.Dispose();
            throw code == 0
                ? transport.Errors.Unreachable(e.InnerException ?? e)
                : await RefusalAsync(call, target, code, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // The WebSocket client keeps the refusal's body to itself; an ordinary request for the same gets it again.
    private async Task<MeshException> RefusalAsync(
        ApiCall call, ExecTarget target, HttpStatusCode code, CancellationToken cancellationToken)
    {
        ApiAnswer answer = await transport.TrySendAsync(call, cancellationToken).ConfigureAwait(false);
        string? said = ApiStatus.Parse(answer.Body)?.Message;
        return answer.Code is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
            ? transport.Errors.From(answer.Code, answer.Body, call)
            : new MeshException(
                MeshErrorCode.RemoteCommandFailed,
                $"No command can be run in {Name(target)} ({(int)code}): "
                    + $"{(answer.Code == code ? said : null) ?? "the server refuses the WebSocket"}.");
    }

    private static async Task WriteAsync(ClientWebSocket socket, string text, CancellationToken cancellationToken)
    {
        byte[] input = Encoding.UTF8.GetBytes(text);
        byte[] frame = new byte[ChunkSize + 1];
        frame[0] = StandardInput;
        for (int at = 0; at < input.Length; at += ChunkSize)
        {
            int count = Math.Min(ChunkSize, input.Length - at);
            input.AsSpan(at, count).CopyTo(frame.AsSpan(1));
            await socket.SendAsync(
                frame.AsMemory(0, count + 1), WebSocketMessageType.Binary, true, cancellationToken)
                .ConfigureAwait(false);
        }

        byte[] end = [CloseChannel, StandardInput];
        await socket.SendAsync(end.AsMemory(), WebSocketMessageType.Binary, true, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<CommandResult> ReadAsync(
        ClientWebSocket socket, ExecTarget target, CancellationToken cancellationToken)
    {
        Dictionary<byte, MemoryStream> channels = new()
        {
            [StandardOutput] = new(),
            [StandardError] = new(),
            [ErrorChannel] = new(),
        };
        byte[] buffer = new byte[ChunkSize * 2];
        byte channel = 0;
        bool starts = true;
        while (true)
        {
            ValueWebSocketReceiveResult received =
                await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                break;
            }

            // Only the first frame of a message names its channel.
            int skip = starts && received.Count > 0 ? 1 : 0;
            channel = skip == 1 ? buffer[0] : channel;
            if (channels.TryGetValue(channel, out MemoryStream? stream))
            {
                await stream.WriteAsync(buffer.AsMemory(skip, received.Count - skip), cancellationToken)
                    .ConfigureAwait(false);
            }

            starts = received.EndOfMessage;
        }

        string Text(byte index) => Encoding.UTF8.GetString(channels[index].ToArray());
        return new CommandResult(ExitCode(Text(ErrorChannel), target), Text(StandardOutput), Text(StandardError));
    }

    private int ExitCode(string told, ExecTarget target)
    {
        ApiStatus? status = ApiStatus.Parse(told);
        if (status is null)
        {
            throw new MeshException(
                MeshErrorCode.RemoteCommandFailed,
                $"The connection to {Name(target)} through {transport.Errors.Place} ended without an exit code.");
        }

        if ((string?)JsonNode.Parse(told)!["status"] == "Success")
        {
            return 0;
        }

        string? code = status.Causes.FirstOrDefault(cause => cause.Reason == "ExitCode").Message;
        return status.Reason == "NonZeroExitCode"
            && int.TryParse(code, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new MeshException(
                MeshErrorCode.RemoteCommandFailed, $"The command could not be run in {Name(target)}: {status.Message}");
    }
}
