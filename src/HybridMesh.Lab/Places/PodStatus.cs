using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Builds the status of a Pod object.</summary>
internal sealed class PodStatus(PodSpec pod, TimeProvider clock)
{
    private readonly string _start = Text(clock.GetUtcNow());

    public static string Text(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A pod whose containers wait, for the reason given.</summary>
    public JsonObject Waiting(IPAddress? address, int restarts, Func<string, (string Reason, string? Message)> why) =>
        Make("Pending", address, ready: false, restarts, (_, image) =>
        {
            (string reason, string? message) = why(image);
            JsonObject waiting = new() { ["reason"] = reason };
            if (message is not null)
            {
                waiting["message"] = message;
            }

            return new JsonObject { ["waiting"] = waiting };
        });

    /// <summary>A pod whose containers run.</summary>
    public JsonObject Running(IPAddress address, bool ready, int restarts, DateTimeOffset since) =>
        Make("Running", address, ready, restarts, (_, _) =>
            new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Text(since) } });

    private JsonObject Make(
        string phase, IPAddress? address, bool ready, int restarts, Func<string, string, JsonObject> state)
    {
        string now = Text(clock.GetUtcNow());
        JsonObject status = new()
        {
            ["phase"] = phase,
            ["conditions"] = new JsonArray(
                Condition("Initialized", true, _start, null),
                Condition("Ready", ready, now, ready ? null : "ContainersNotReady"),
                Condition("ContainersReady", ready, now, ready ? null : "ContainersNotReady"),
                Condition("PodScheduled", true, _start, null)),
            ["hostIP"] = "127.0.0.1",
            ["startTime"] = _start,
            ["qosClass"] = "BestEffort",
            ["containerStatuses"] = new JsonArray([.. pod.Containers.Select(item => new JsonObject
            {
                ["name"] = item.Name,
                ["image"] = item.Image,
                ["imageID"] = phase == "Running" ? item.Image : "",
                ["ready"] = ready,
                ["started"] = phase == "Running",
                ["restartCount"] = restarts,
                ["lastState"] = new JsonObject(),
                ["state"] = state(item.Name, item.Image),
            })]),
        };
        if (address is not null)
        {
            status["podIP"] = address.ToString();
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address.ToString() });
        }

        return status;
    }

    private static JsonObject Condition(string type, bool value, string since, string? reason)
    {
        JsonObject condition = new()
        {
            ["type"] = type,
            ["status"] = value ? "True" : "False",
            ["lastTransitionTime"] = since,
        };
        if (reason is not null)
        {
            condition["reason"] = reason;
        }

        return condition;
    }
}
