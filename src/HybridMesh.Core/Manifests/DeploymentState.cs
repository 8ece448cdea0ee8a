using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>How far a Deployment's rollout is, by kubectl's rules.</summary>
/// <param name="Ready">
/// Whether every replica of the newest template is available and none of an older one is left.
/// </param>
/// <param name="Hopeless">Whether Kubernetes has given the rollout up.</param>
/// <param name="Detail">What is missing.</param>
internal sealed record DeploymentState(bool Ready, bool Hopeless, string Detail)
{
    public static DeploymentState Of(JsonObject deployment)
    {
        JsonNode? status = deployment["status"];
        long wanted = Number(deployment["spec"], "replicas", 1);
        long updated = Number(status, "updatedReplicas");
        long total = Number(status, "replicas");
        long available = Number(status, "availableReplicas");
        JsonNode? progress = (status?["conditions"] as JsonArray ?? [])
            .FirstOrDefault(condition => (string?)condition?["type"] == "Progressing");
        if (Number(status, "observedGeneration") < Number(deployment["metadata"], "generation"))
        {
            return new(false, false, "its controller has not seen the change yet");
        }

        return (string?)progress?["reason"] == "ProgressDeadlineExceeded"
            ? new(false, true, $"Kubernetes gave up: {(string?)progress["message"]}")
            : new(
                updated >= wanted && total <= updated && available >= updated,
                false,
                $"{available} of {wanted} replicas are available");
    }

    private static long Number(JsonNode? node, string name, long missing = 0) =>
        node?[name] is JsonValue value && value.TryGetValue(out long number) ? number : missing;
}
