using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Writes planned WorkloadEntries, each in its own few calls, safe against another run on the same app.
/// </summary>
internal sealed class EntryWriter
{
    private readonly MeshSession _session;
    private readonly string _serviceName;
    private readonly WorkloadVersionWriter _versions;
    private int _next;

    public EntryWriter(MeshSession session, string serviceName, KubernetesKind kind, int nextNumber)
    {
        _session = session;
        _serviceName = serviceName;
        _next = nextNumber - 1;
        Kind = kind;
        _versions = new WorkloadVersionWriter(session, kind);
    }

    public KubernetesKind Kind { get; }

    /// <summary>What the server would do, for -WhatIf: its answer to dry runs, as text; null when nothing.</summary>
    public async Task<string?> PreviewAsync(EntryPlan plan, CancellationToken cancellationToken)
    {
        List<string> changes = [];
        if (plan.Manifest is { } manifest)
        {
            JsonObject after = await ApplyAsync(manifest, dryRun: true, cancellationToken).ConfigureAwait(false);
            changes.AddRange(plan.Existing is null
                ? ObjectDifference.Of(manifest) : ObjectDifference.Between(plan.Existing, after));
        }

        if (plan.Version is { } version)
        {
            changes.Add(plan.Existing is null
                ? $"spec.labels.version: \"{version}\""
                : WorkloadVersionWriter.Describe(null, await _versions.PatchAsync(
                    plan.Existing, version, dryRun: true, cancellationToken).ConfigureAwait(false)));
        }

        return changes.Count == 0 ? null : Verb(plan) + string.Join("; ", changes);
    }

    /// <summary>The change as it was planned, without asking the server.</summary>
    public static string Describe(EntryPlan plan)
    {
        List<string> changes = plan.Manifest is null ? [] : [.. ObjectDifference.Of(plan.Manifest)];
        if (plan.Version is { } version)
        {
            changes.Add($"spec.labels.version: \"{version}\"");
        }

        return Verb(plan) + string.Join("; ", changes);
    }

    /// <summary>Writes one entry and its version.</summary>
    public async Task<EntryResult> WriteAsync(EntryPlan plan, CancellationToken cancellationToken)
    {
        JsonObject? before = plan.Existing;
        bool created = false;
        if (plan.Manifest is { } manifest)
        {
            JsonObject mine = manifest;
            if (before is null)
            {
                (created, before, mine) = await ReserveAsync(manifest, cancellationToken).ConfigureAwait(false);
            }

            JsonObject applied = await ApplyAsync(mine, dryRun: false, cancellationToken).ConfigureAwait(false);
            plan = plan with { Existing = applied, Name = mine.Text("metadata", "name")! };
        }

        JsonObject after = plan.Existing!;
        if (plan.Version is { } version && after.Text("spec", "labels", "version") is null)
        {
            after = await _versions.PatchAsync(after, version, dryRun: false, cancellationToken).ConfigureAwait(false);
        }

        ChangeAction action = created ? ChangeAction.Created
            : ObjectDifference.Between(before!, after).Count > 0 ? ChangeAction.Updated : ChangeAction.Unchanged;
        return new EntryResult(plan.Name, after, action);
    }

    /// <summary>
    /// Takes the planned number by creating a bare entry, or the next free one when another run took it for another
    /// VM. An apply alone would silently overwrite that VM's entry, because both runs write as the same manager.
    /// </summary>
    private async Task<(bool Created, JsonObject Before, JsonObject Manifest)> ReserveAsync(
        JsonObject manifest, CancellationToken cancellationToken)
    {
        JsonObject mine = manifest;
        while (true)
        {
            try
            {
                JsonObject created = await _session.ControlPlane.CreateAsync(
                    Kind, VmAppManifests.BareEntry(mine), FieldManagers.Registration, dryRun: false, cancellationToken)
                    .ConfigureAwait(false);
                return (true, created, mine);
            }
            catch (MeshException e) when (e.Code == MeshErrorCode.ObjectExists)
            {
                JsonObject? taken = await _session.ControlPlane.FindAsync(
                    Kind, mine.Text("metadata", "namespace"), mine.Text("metadata", "name")!, cancellationToken)
                    .ConfigureAwait(false);
                if (taken is not null && IsSameEndpoint(taken, mine))
                {
                    return (false, taken, mine);
                }

                mine = mine.DeepClone().AsObject();
                mine["metadata"]!["name"] = VmAppNames.Entry(_serviceName, Interlocked.Increment(ref _next));
            }
        }
    }

    private static bool IsSameEndpoint(JsonObject entry, JsonObject manifest) =>
        MeshAddress.Same(entry.Text("spec", "address"), manifest.Text("spec", "address"))
        && (entry.Text("spec", "network") ?? "") == (manifest.Text("spec", "network") ?? "");

    private static string Verb(EntryPlan plan) => plan.Existing is null ? "create with " : "update ";

    private async Task<JsonObject> ApplyAsync(JsonObject manifest, bool dryRun, CancellationToken cancellationToken)
    {
        try
        {
            return await _session.ControlPlane.ApplyAsync(
                Kind, manifest, new ApplyOptions(FieldManagers.Registration, DryRun: dryRun), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.Conflict)
        {
            throw new MeshException(e.Code, $"{e.Message} {IstioVmAppRun.ConflictRemedy}", e.ErrorTarget, e);
        }
    }
}

/// <summary>What became of one entry.</summary>
internal sealed record EntryResult(string Name, JsonObject Item, ChangeAction Action);
