using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Answers pods/exec and pods/log.</summary>
internal sealed class PodEndpoint(ObjectStore store, ApiServerOptions options, CancellationToken stopping)
{
    private static readonly string[] Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    public async Task ExecAsync(ApiCall call)
    {
        JsonObject pod = Pod(call);
        string container = Container(call, pod);
        IReadOnlyList<string> command = [.. call.Query["command"].OfType<string>()];
        if (command.Count == 0)
        {
            throw ApiException.Invalid("", "PodExecOptions", "", [FieldError.Required("command")]);
        }

        if (!call.Flag("stdin") && !call.Flag("stdout") && !call.Flag("stderr"))
        {
            throw ApiException.Invalid("", "PodExecOptions", "", [
                FieldError.Required("stdin", "you must specify at least 1 of stdin, stdout, stderr")]);
        }

        HttpContext http = call.Http;
        if (!http.WebSockets.IsWebSocketRequest)
        {
            throw ApiException.BadRequest("Upgrade request required");
        }

        if (options.Executor is not { } executor || !IsRunning(pod))
        {
            throw new ApiException(
                500, "InternalError",
                $"Internal error occurred: unable to upgrade connection: container not found (\"{container}\")",
                new JsonObject
                {
                    ["causes"] = new JsonArray(new JsonObject
                    {
                        ["message"] = $"unable to upgrade connection: container not found (\"{container}\")",
                    })
                });
        }

        string protocol = http.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(Protocols.Contains)
            ?? throw ApiException.BadRequest(
                "unable to negotiate protocol: client supports "
                    + $"{string.Join(", ", http.WebSockets.WebSocketRequestedProtocols)}, "
                + $"server supports {string.Join(", ", Protocols)}");
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync(protocol);
        using CancellationTokenSource end =
            CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        using ExecStreams streams = new(socket, call.Flag("stdin"), call.Flag("stdout"), call.Flag("stderr"));
        await streams.RunAsync(
            (input, output, error, token) => executor.ExecAsync(
                call.Namespace!, call.Name!, container, command, input, output, error, token),
            end.Token);
    }

    public async Task LogAsync(ApiCall call)
    {
        JsonObject pod = Pod(call);
        string container = Container(call, pod);
        string? text = options.Executor is null
            ? null : await options.Executor.LogsAsync(call.Namespace!, call.Name!, container, call.Http.RequestAborted);
        if (text is null)
        {
            throw ApiException.BadRequest(
                $"container \"{container}\" in pod \"{call.Name}\" is waiting to start: ContainerCreating");
        }

        if (call.Number("tailLines") is { } lines)
        {
            string[] all = text.Split('\n');
            int ended = all[^1].Length == 0 ? 1 : 0;
            text = string.Join('\n', all[Math.Max(0, all.Length - lines - ended)..]);
        }

        await call.Http.WriteTextAsync(200, text);
    }

    private JsonObject Pod(ApiCall call) => store.Find("Pod", call.Namespace, call.Name!)
        ?? throw ApiException.NotFound(ResourceTypes.Pod, call.Name!);

    private static bool IsRunning(JsonObject pod) => (string?)pod["status"]?["phase"] == "Running";

    private static string Container(ApiCall call, JsonObject pod)
    {
        string[] names =
            [.. (pod["spec"]?["containers"] as JsonArray ?? []).Select(one => (string?)one?["name"] ?? "")];
        string? wanted = call.Text("container");
        if (wanted is null && names.Length == 1)
        {
            return names[0];
        }

        if (wanted is null)
        {
            throw ApiException.BadRequest(
                $"a container name must be specified for pod {call.Name}, choose one of: [{string.Join(' ', names)}]");
        }

        return names.Contains(wanted)
            ? wanted : throw ApiException.BadRequest($"container {wanted} is not valid for pod {call.Name}");
    }
}
