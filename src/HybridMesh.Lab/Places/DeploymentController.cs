using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// Deployments to Pods, without ReplicaSets between: missing pods are made, surplus ones deleted, and pods of an older
/// template go as soon as those of the new one are ready.
/// </summary>
internal sealed class DeploymentController(ObjectStore store, TimeProvider clock)
{
    private const string HashLabel = "pod-template-hash";
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public void Reconcile()
    {
        IReadOnlyList<JsonObject> deployments = store.List("Deployment");
        ILookup<string, JsonObject> owned = store.List("Pod").ToLookup(Owner);
        HashSet<string> known = [.. deployments.Select(Uid)];
        Delete(owned.Where(group => group.Key != "" && !known.Contains(group.Key)).SelectMany(group => group));

        foreach (JsonObject deployment in deployments)
        {
            Converge(deployment, [.. owned[Uid(deployment)]]);
        }
    }

    private void Converge(JsonObject deployment, IReadOnlyList<JsonObject> pods)
    {
        int replicas = deployment.Number("spec", "replicas") ?? 1;
        string hash = Hash(deployment.At("spec", "template") ?? new JsonObject());
        List<JsonObject> current =
            [.. pods.Where(pod => pod.Text("metadata", "labels", HashLabel) == hash).OrderByDescending(Ready)];
        List<JsonObject> old = [.. pods.Except(current).OrderByDescending(Ready)];
        for (int missing = replicas - current.Count; missing > 0; missing--)
        {
            Create(deployment, hash);
        }

        List<JsonObject> kept = [.. current.Take(replicas)];
        int ready = kept.Count(Ready);
        List<JsonObject> keptOld = [.. old.Where(Ready).Take(Math.Max(0, replicas - ready))];
        Delete(current.Except(kept).Concat(old.Except(keptOld)));
        WriteStatus(deployment, replicas, kept, keptOld);
    }

    private void Create(JsonObject deployment, string hash)
    {
        JsonNode? template = deployment.At("spec", "template");
        string ns = deployment.Namespace(), owner = deployment.Name();
        string name = $"{owner}-{hash}-{RandomNumberGenerator.GetString(Letters, 5)}";
        JsonObject labels = template.At("metadata", "labels")?.DeepClone() as JsonObject ?? [];
        labels[HashLabel] = hash;
        JsonObject own = new()
        {
            ["name"] = name,
            ["generateName"] = $"{owner}-{hash}-",
            ["namespace"] = ns,
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = "Deployment",
                ["name"] = owner,
                ["uid"] = Uid(deployment),
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            }),
        };
        if (template.At("metadata", "annotations") is { } annotations)
        {
            own["annotations"] = annotations.DeepClone();
        }

        JsonObject spec = template.At("spec")?.DeepClone() as JsonObject ?? [];
        spec["nodeName"] = "lab";
        store.Update("Pod", ns, name, existing => existing ?? new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = own,
            ["spec"] = spec,
            ["status"] = new JsonObject { ["phase"] = "Pending" },
        });
    }

    private void Delete(IEnumerable<JsonObject> pods)
    {
        foreach (JsonObject pod in pods)
        {
            store.Delete("Pod", pod.Namespace(), pod.Name());
        }
    }

    private void WriteStatus(JsonObject deployment, int replicas, List<JsonObject> pods, List<JsonObject> old)
    {
        int fresh = pods.Count(Ready), ready = fresh + old.Count(Ready);
        int updated = Math.Max(pods.Count, replicas);
        store.Update("Deployment", deployment.Namespace(), deployment.Name(), now =>
        {
            if (now is null || Uid(now) != Uid(deployment))
            {
                return now;
            }

            JsonNode[] before = [.. now.Items("status", "conditions")];
            JsonObject status = new() { ["observedGeneration"] = deployment.Number("metadata", "generation") ?? 1 };
            Count(status, "replicas", updated + old.Count);
            Count(status, "updatedReplicas", updated);
            Count(status, "readyReplicas", ready);
            Count(status, "availableReplicas", ready);
            Count(status, "unavailableReplicas", Math.Max(0, replicas - ready));
            status["conditions"] = new JsonArray(
                Condition(
                    before, "Available", ready >= replicas,
                    $"MinimumReplicas{(ready >= replicas ? "A" : "Una")}vailable",
                    $"Deployment {(ready >= replicas ? "has" : "does not have")} minimum availability."),
                Condition(
                    before, "Progressing", true, fresh >= replicas ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                    $"The pods of this template are {(fresh >= replicas ? "available" : "starting")}."));
            now["status"] = status;
            return now;
        });
    }

    // As the API writes it: a count of nothing is left out.
    private static void Count(JsonObject status, string name, int count)
    {
        if (count > 0)
        {
            status[name] = count;
        }
    }

    private JsonObject Condition(JsonNode[] before, string type, bool value, string reason, string message)
    {
        string text = value ? "True" : "False";
        JsonNode? old = before.FirstOrDefault(item => item.Text("type") == type);
        string now = PodStatus.Text(clock.GetUtcNow());
        bool same = old.Text("status") == text;
        bool identical = same && old.Text("reason") == reason;
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = text,
            ["reason"] = reason,
            ["message"] = message,
            ["lastUpdateTime"] = identical ? old.Text("lastUpdateTime") : now,
            ["lastTransitionTime"] = same ? old.Text("lastTransitionTime") : now,
        };
    }

    private static string Hash(JsonNode template) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template.ToJsonString())))[..10];

    private static string Uid(JsonObject item) => item.Text("metadata", "uid") ?? "";

    private static string Owner(JsonObject pod) =>
        pod.Items("metadata", "ownerReferences")
            .FirstOrDefault(item => item.Text("kind") == "Deployment").Text("uid") ?? "";

    private static bool Ready(JsonObject pod) => pod.Items("status", "conditions")
        .Any(item => item.Text("type") == "Ready" && item.Text("status") == "True");
}
