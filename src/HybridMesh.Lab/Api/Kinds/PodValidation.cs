using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The rules of pods that manifests trip over.</summary>
internal static class PodValidation
{
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] RestartPolicies = ["Always", "Never", "OnFailure"];
    private static readonly string[] Mutable = ["image", "activeDeadlineSeconds", "tolerations"];

    public static IEnumerable<StatusCause> Check(JsonObject pod, JsonObject? live)
    {
        JsonObject spec = pod["spec"] as JsonObject ?? [];
        IEnumerable<StatusCause> causes = CheckSpec(spec, "spec");
        if (live is not null && !JsonNode.DeepEquals(Frozen(spec), Frozen(live["spec"] as JsonObject ?? [])))
        {
            causes = causes.Append(FieldError.Forbidden(
                "spec",
                "of a pod's spec only images, activeDeadlineSeconds and tolerations may change"));
        }

        return causes;
    }

    public static IEnumerable<StatusCause> CheckSpec(JsonObject spec, string path)
    {
        List<StatusCause> causes = [];
        JsonArray containers = spec["containers"] as JsonArray ?? [];
        if (containers.Count == 0)
        {
            causes.Add(FieldError.Required($"{path}.containers"));
        }

        HashSet<string> names = [];
        JsonArray first = spec["initContainers"] as JsonArray ?? [];
        for (int i = 0; i < first.Count; i++)
        {
            causes.AddRange(Container(first[i] as JsonObject ?? [], $"{path}.initContainers[{i}]", names));
        }

        for (int i = 0; i < containers.Count; i++)
        {
            causes.AddRange(Container(containers[i] as JsonObject ?? [], $"{path}.containers[{i}]", names));
        }

        string restart = (string?)spec["restartPolicy"] ?? "Always";
        if (!RestartPolicies.Contains(restart))
        {
            causes.Add(FieldError.Unsupported($"{path}.restartPolicy", restart, RestartPolicies));
        }

        return causes;
    }

    private static List<StatusCause> Container(JsonObject container, string path, HashSet<string> names)
    {
        List<StatusCause> causes = [];
        string name = (string?)container["name"] ?? "";
        if (name.Length == 0)
        {
            causes.Add(FieldError.Required($"{path}.name"));
        }
        else if (!names.Add(name))
        {
            causes.Add(FieldError.Duplicate($"{path}.name", name));
        }
        else
        {
            causes.AddRange(NameRules.Label1123(name).Select(error => FieldError.Invalid($"{path}.name", name, error)));
        }

        string image = (string?)container["image"] ?? "";
        if (image.Length == 0)
        {
            causes.Add(FieldError.Required($"{path}.image"));
        }
        else if (image != image.Trim())
        {
            causes.Add(FieldError.Invalid($"{path}.image", image, "must not have leading or trailing whitespace"));
        }

        string policy = (string?)container["imagePullPolicy"] ?? "";
        if (!PullPolicies.Contains(policy))
        {
            causes.Add(FieldError.Unsupported($"{path}.imagePullPolicy", policy, PullPolicies));
        }

        causes.AddRange(Ports(container["ports"] as JsonArray ?? [], path));
        causes.AddRange(Environment(container["env"] as JsonArray ?? [], path));
        return causes;
    }

    private static IEnumerable<StatusCause> Ports(JsonArray ports, string path)
    {
        HashSet<string> names = [];
        for (int i = 0; i < ports.Count; i++)
        {
            JsonNode? port = ports[i];
            string field = $"{path}.ports[{i}]";
            if (port?["containerPort"] is null)
            {
                yield return FieldError.Required($"{field}.containerPort");
            }
            else if (!ServiceValidation.InRange(port["containerPort"]))
            {
                yield return FieldError.Invalid(
                    $"{field}.containerPort", port["containerPort"], "must be between 1 and 65535, inclusive");
            }

            if ((string?)port?["name"] is not { Length: > 0 } name)
            {
                continue;
            }

            if (!ServiceValidation.PortName().IsMatch(name))
            {
                yield return FieldError.Invalid(
                    $"{field}.name", name, name.Length > 15
                        ? "must be no more than 15 characters"
                        : "takes a-z, 0-9 and '-', one letter at least");
            }
            else if (!names.Add(name))
            {
                yield return FieldError.Duplicate($"{field}.name", name);
            }
        }
    }

    private static IEnumerable<StatusCause> Environment(JsonArray entries, string path)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            JsonNode? entry = entries[i];
            if ((string?)entry?["name"] is null or "")
            {
                yield return FieldError.Required($"{path}.env[{i}].name");
            }

            if ((string?)entry?["value"] is { Length: > 0 } value && entry["valueFrom"] is not null)
            {
                yield return FieldError.Invalid(
                    $"{path}.env[{i}].valueFrom", value, "may not be specified when `value` is not empty");
            }
        }
    }

    private static JsonObject Frozen(JsonObject spec)
    {
        JsonObject result = spec.DeepClone().AsObject();
        foreach (string field in Mutable)
        {
            result.Remove(field);
        }

        foreach (string field in (string[])["initContainers", "containers"])
        {
            foreach (JsonObject container in (result[field] as JsonArray ?? []).OfType<JsonObject>())
            {
                container.Remove("image");
            }
        }

        return result;
    }
}
