using System.Collections.ObjectModel;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A pod of the data plane.</summary>
public sealed record MeshPod
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The pod's IP address; null when it has none yet.</summary>
    public string? Address { get; init; }

    /// <summary>The <c>version</c> label.</summary>
    public string? Version { get; init; }

    /// <summary>Whether the pod takes traffic.</summary>
    public bool Ready { get; init; }

    /// <summary>What kubectl shows as status: Running, Pending, ImagePullBackOff, ...</summary>
    public string Status { get; init; } = "";

    /// <summary>The message behind the status, such as why an image can't be pulled; null when there is none.</summary>
    public string? Detail { get; init; }

    /// <summary>The containers' names.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Reads a Kubernetes Pod.</summary>
    public static MeshPod From(JsonObject pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        JsonNode? metadata = pod["metadata"];
        JsonNode? status = pod["status"];
        Dictionary<string, string> labels = (metadata?["labels"] as JsonObject ?? [])
            .ToDictionary(pair => pair.Key, pair => (string?)pair.Value ?? "");
        (string shown, string? detail) = Shown(metadata, status);
        return new()
        {
            Namespace = (string?)metadata?["namespace"] ?? "",
            Name = (string?)metadata?["name"] ?? "",
            Address = (string?)status?["podIP"] is { Length: > 0 } address ? address : null,
            Version = labels.GetValueOrDefault("version"),
            Ready = metadata?["deletionTimestamp"] is null && Items(status?["conditions"]).Any(condition =>
                (string?)condition["type"] == "Ready" && (string?)condition["status"] == "True"),
            Status = shown,
            Detail = detail,
            Containers = [.. Items(pod["spec"]?["containers"]).Select(container => (string?)container["name"] ?? "")],
            Labels = labels,
        };
    }

    private static (string Status, string? Detail) Shown(JsonNode? metadata, JsonNode? status)
    {
        if (metadata?["deletionTimestamp"] is not null)
        {
            return ("Terminating", null);
        }

        foreach (JsonObject container in
            Items(status?["initContainerStatuses"]).Concat(Items(status?["containerStatuses"])))
        {
            JsonNode? waiting = container["state"]?["waiting"];
            if ((string?)waiting?["reason"] is { } reason)
            {
                return (reason, (string?)waiting["message"]);
            }
        }

        JsonObject? unscheduled = Items(status?["conditions"]).FirstOrDefault(condition =>
            (string?)condition["type"] == "PodScheduled" && (string?)condition["status"] == "False");
        return ((string?)status?["reason"] ?? (string?)status?["phase"] ?? "Unknown",
            (string?)status?["message"] ?? (string?)unscheduled?["message"]);
    }

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
