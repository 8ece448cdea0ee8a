using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The defaults of a pod's spec, alone or in a template.</summary>
internal static class PodDefaults
{
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    public static void Apply(JsonObject spec)
    {
        spec["restartPolicy"] ??= "Always";
        spec["dnsPolicy"] ??= "ClusterFirst";
        spec["schedulerName"] ??= "default-scheduler";
        spec["terminationGracePeriodSeconds"] ??= 30;
        spec["securityContext"] ??= new JsonObject();
        if (spec["serviceAccountName"] is { } account)
        {
            spec["serviceAccount"] = account.DeepClone();
        }

        foreach (string field in (string[])["initContainers", "containers"])
        {
            foreach (JsonObject container in (spec[field] as JsonArray ?? []).OfType<JsonObject>())
            {
                Container(container, (bool?)spec["hostNetwork"] ?? false);
            }
        }

        foreach (JsonObject volume in (spec["volumes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Volume(volume);
        }
    }

    /// <summary>What admission and the server add to a pod that is made.</summary>
    public static void Admit(JsonObject pod)
    {
        if (pod["spec"] is JsonObject spec)
        {
            spec["serviceAccountName"] ??= "default";
            spec["serviceAccount"] ??= spec["serviceAccountName"]!.DeepClone();
            spec["enableServiceLinks"] ??= true;
            spec["preemptionPolicy"] ??= "PreemptLowerPriority";
            spec["priority"] ??= 0;
        }

        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };
    }

    private static void Container(JsonObject container, bool hostNetwork)
    {
        container["terminationMessagePath"] ??= "/dev/termination-log";
        container["terminationMessagePolicy"] ??= "File";
        container["resources"] ??= new JsonObject();
        container["imagePullPolicy"] ??= IsLatest((string?)container["image"] ?? "") ? "Always" : "IfNotPresent";
        foreach (JsonObject port in (container["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            port["protocol"] ??= "TCP";
            if (hostNetwork)
            {
                port["hostPort"] ??= port["containerPort"]?.DeepClone();
            }
        }

        foreach (JsonNode? reference in (container["env"] as JsonArray ?? [])
            .Select(env => env?["valueFrom"]?["fieldRef"]))
        {
            if (reference is JsonObject field)
            {
                field["apiVersion"] ??= "v1";
            }
        }

        foreach (JsonObject probe in Probes.Select(name => container[name]).OfType<JsonObject>())
        {
            Probe(probe);
        }
    }

    private static void Probe(JsonObject probe)
    {
        probe["timeoutSeconds"] ??= 1;
        probe["periodSeconds"] ??= 10;
        probe["successThreshold"] ??= 1;
        probe["failureThreshold"] ??= 3;
        if (probe["httpGet"] is JsonObject get)
        {
            get["path"] ??= "/";
            get["scheme"] ??= "HTTP";
        }
    }

    private static void Volume(JsonObject volume)
    {
        foreach (string source in (string[])["configMap", "secret", "projected", "downwardAPI"])
        {
            if (volume[source] is JsonObject modes)
            {
                modes["defaultMode"] ??= 420;
            }
        }

        if (volume.Count == 1)
        {
            volume["emptyDir"] = new JsonObject();
        }
    }

    private static bool IsLatest(string image)
    {
        string last = image[(image.LastIndexOf('/') + 1)..];
        return !last.Contains('@', StringComparison.Ordinal)
            && (!last.Contains(':', StringComparison.Ordinal) || last.EndsWith(":latest", StringComparison.Ordinal));
    }
}
