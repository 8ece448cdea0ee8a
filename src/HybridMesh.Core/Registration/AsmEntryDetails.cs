using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Adds to an entry that ASM made what AddVmAppToMesh can't say: the VM's own labels, network, locality, weight and
/// version. What is there already stays.
/// </summary>
internal sealed class AsmEntryDetails(MeshSession session, VmAppInput input, KubernetesKind kind)
{
    private readonly WorkloadVersionWriter _versions = new(session, kind);

    /// <summary>What the entry lacks, as a merge patch; null when nothing.</summary>
    public JsonObject? Missing(EntryPlan plan)
    {
        JsonObject spec = [];
        foreach ((string field, JsonNode? value) in VmAppManifests.EntrySpec(input, plan.Input))
        {
            if (field == "labels")
            {
                Dictionary<string, string> there = plan.Existing.Strings("spec", "labels");
                JsonObject labels = new(plan.Input.Labels.Where(pair => !there.ContainsKey(pair.Key))
                    .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
                if (labels.Count > 0)
                {
                    spec["labels"] = labels;
                }
            }
            else if (plan.Existing.At("spec", field) is null)
            {
                spec[field] = value?.DeepClone();
            }
        }

        return spec.Count == 0 ? null : new JsonObject { ["spec"] = spec };
    }

    /// <summary>What the server would change, for -WhatIf and -Confirm; null when nothing.</summary>
    public async Task<string?> PreviewAsync(EntryPlan plan, bool askServer, CancellationToken cancellationToken)
    {
        List<string> changes = [];
        if (Missing(plan) is { } patch)
        {
            changes.AddRange(askServer
                ? ObjectDifference.Between(
                    plan.Existing!,
                    await PatchAsync(plan, patch, dryRun: true, cancellationToken).ConfigureAwait(false))
                : ObjectDifference.Of(patch));
        }

        if (plan.Version is not null)
        {
            changes.Add(WorkloadVersionWriter.Describe(null, plan.Version));
        }

        return changes.Count == 0 ? null : $"update {string.Join("; ", changes)}";
    }

    /// <summary>Writes what the entry lacks.</summary>
    public async Task WriteAsync(EntryPlan plan, CancellationToken cancellationToken)
    {
        if (Missing(plan) is { } patch)
        {
            await PatchAsync(plan, patch, dryRun: false, cancellationToken).ConfigureAwait(false);
        }

        if (plan.Version is { } version)
        {
            await _versions.PatchAsync(plan.Existing!, version, dryRun: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<JsonObject> PatchAsync(
        EntryPlan plan, JsonObject patch, bool dryRun, CancellationToken cancellationToken) =>
        session.ControlPlane.MergePatchAsync(
            kind, input.Namespace, plan.Name, patch, FieldManagers.AsmDetails, dryRun, cancellationToken);
}
