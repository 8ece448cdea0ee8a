using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Deployments: defaults and validation.</summary>
internal static class DeploymentStrategy
{
    public static void Default(JsonObject item)
    {
        if (item["spec"] is not JsonObject spec)
        {
            spec = [];
            item["spec"] = spec;
        }

        spec["replicas"] ??= 1;
        spec["revisionHistoryLimit"] ??= 10;
        spec["progressDeadlineSeconds"] ??= 600;
        JsonObject strategy = spec["strategy"] as JsonObject ?? [];
        strategy["type"] ??= "RollingUpdate";
        if ((string?)strategy["type"] == "RollingUpdate")
        {
            JsonObject rolling = strategy["rollingUpdate"] as JsonObject ?? [];
            rolling["maxUnavailable"] ??= "25%";
            rolling["maxSurge"] ??= "25%";
            Attach(strategy, "rollingUpdate", rolling);
        }

        Attach(spec, "strategy", strategy);
        if (spec["template"]?["spec"] is JsonObject pod)
        {
            PodDefaults.Apply(pod);
        }
    }

    public static IEnumerable<StatusCause> Validate(JsonObject item, JsonObject? live)
    {
        JsonObject spec = item["spec"]!.AsObject();
        List<StatusCause> causes = [];
        if ((long?)spec["replicas"] < 0)
        {
            causes.Add(FieldError.Invalid(
                "spec.replicas", spec["replicas"], "must be greater than or equal to 0"));
        }

        JsonObject? selector = spec["selector"] as JsonObject;
        JsonObject? labels = spec["template"]?["metadata"]?["labels"] as JsonObject;
        if (selector is null)
        {
            causes.Add(FieldError.Required("spec.selector"));
        }
        else if (selector.Count == 0)
        {
            causes.Add(FieldError.Invalid("spec.selector", selector, "empty selector is invalid for deployment"));
        }
        else if (!Matches(selector, labels))
        {
            causes.Add(FieldError.Invalid(
                "spec.template.metadata.labels", labels, "`selector` does not match template `labels`"));
        }

        if (live is not null && !JsonNode.DeepEquals(live["spec"]?["selector"], selector))
        {
            causes.Add(FieldError.Invalid("spec.selector", selector, "field is immutable"));
        }

        if ((string?)spec["strategy"]?["type"] is not ("RollingUpdate" or "Recreate"))
        {
            causes.Add(FieldError.Unsupported(
                "spec.strategy.type", (string?)spec["strategy"]?["type"] ?? "", "Recreate", "RollingUpdate"));
        }

        causes.AddRange(MetadataValidation.Labels(labels, "spec.template.labels"));
        causes.AddRange(PodValidation.CheckSpec(spec["template"]?["spec"] as JsonObject ?? [], "spec.template.spec"));
        string? restart = (string?)spec["template"]?["spec"]?["restartPolicy"];
        if (restart is not (null or "Always"))
        {
            causes.Add(FieldError.Unsupported("spec.template.spec.restartPolicy", restart, "Always"));
        }

        return causes;
    }

    private static bool Matches(JsonObject selector, JsonObject? labels)
    {
        bool all = (selector["matchLabels"] as JsonObject ?? [])
            .All(pair => (string?)labels?[pair.Key] == (string?)pair.Value);
        return all && (selector["matchExpressions"] as JsonArray ?? []).All(term => Matches(term, labels));
    }

    private static bool Matches(JsonNode? term, JsonObject? labels)
    {
        string? value = (string?)labels?[(string?)term?["key"] ?? ""];
        IEnumerable<string?> values = (term?["values"] as JsonArray ?? []).Select(one => (string?)one);
        return (string?)term?["operator"] switch
        {
            "In" => value is not null && values.Contains(value),
            "NotIn" => value is null || !values.Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }

    private static void Attach(JsonObject parent, string field, JsonObject child)
    {
        if (child.Parent is null)
        {
            parent[field] = child;
        }
    }
}
