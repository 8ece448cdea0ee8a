using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Writes objects by server-side apply in two steps: a plan made by the server's own dry run, which -WhatIf shows, and
/// its commit. Planning everything before the first commit keeps bad input from being half-written.
/// </summary>
public sealed class ObjectWriter
{
    private readonly MeshSession _session;
    private readonly ObjectWriterOptions _options;
    private readonly HashSet<(MeshPlane Plane, string Name)> _plannedNamespaces = [];

    /// <summary>Makes a writer.</summary>
    public ObjectWriter(MeshSession session, ObjectWriterOptions options)
    {
        _session = session;
        _options = options;
    }

    /// <summary>Plans an apply. Namespace and name are the manifest's; the kind must be in a served version.</summary>
    public async Task<PlannedChange> PlanApplyAsync(
        MeshPlane plane, KubernetesKind kind, JsonObject manifest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(manifest);
        string name = (string)manifest["metadata"]!["name"]!;
        string? ns = (string?)manifest["metadata"]!["namespace"];
        JsonObject? before = await _session[plane].FindAsync(kind, ns, name, cancellationToken).ConfigureAwait(false);
        JsonObject? after = await DryRunAsync(plane, kind, ns, manifest, before, cancellationToken)
            .ConfigureAwait(false);
        if (kind == KubernetesKind.Namespace)
        {
            _plannedNamespaces.Add((plane, name));
        }

        IReadOnlyList<string> differences = before is null
            ? ObjectDifference.Of(manifest) : ObjectDifference.Between(before, after ?? before);
        ChangeAction action = before is null ? ChangeAction.Created
            : differences.Count > 0 ? ChangeAction.Updated : ChangeAction.Unchanged;
        return Plan(plane, kind, ns, name, action) with
        {
            Differences = differences,
            Before = before,
            After = after,
            Manifest = manifest,
            NeedsWrite = action != ChangeAction.Unchanged || after is null || !SameOwners(before!, after),
        };
    }

    /// <summary>Plans a removal; Unchanged when there is no such object.</summary>
    public async Task<PlannedChange> PlanRemoveAsync(
        MeshPlane plane, KubernetesKind kind, string? ns, string name, CancellationToken cancellationToken)
    {
        JsonObject? before = await _session[plane].FindAsync(kind, ns, name, cancellationToken).ConfigureAwait(false);

        // A Namespace takes a while to empty itself; it is being removed already.
        bool there = before is not null && before["metadata"]?["deletionTimestamp"] is null;
        return Plan(plane, kind, ns, name, there ? ChangeAction.Removed : ChangeAction.Unchanged) with
        {
            Before = before,
        };
    }

    /// <summary>Does what was planned and returns what was really done.</summary>
    public async Task<PlannedChange> CommitAsync(PlannedChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (!change.NeedsWrite)
        {
            return change;
        }

        IKubernetesApi api = _session[change.Plane];
        if (change.Action == ChangeAction.Removed)
        {
            bool removed = await api.DeleteAsync(
                change.Kind, change.Namespace, change.Name, (string?)change.Before?["metadata"]?["uid"], dryRun: false,
                cancellationToken).ConfigureAwait(false);
            return change with { Action = removed ? ChangeAction.Removed : ChangeAction.Unchanged };
        }

        JsonObject after =
            await ApplyAsync(change.Plane, change.Kind, change.Manifest!, dryRun: false, cancellationToken)
            .ConfigureAwait(false);
        return change with { After = after, Action = Outcome(change, after) };
    }

    // Another writer may have come between plan and commit, and a controller's status changes the resourceVersion too:
    // the values decide.
    private static ChangeAction Outcome(PlannedChange change, JsonObject after) =>
        change.Before is null ? ChangeAction.Created
        : ObjectDifference.Between(change.Before, after).Count > 0 ? ChangeAction.Updated : ChangeAction.Unchanged;

    private PlannedChange Plan(
        MeshPlane plane, KubernetesKind kind, string? ns, string name, ChangeAction action) => new()
        {
            Plane = plane,
            PlaneName = _session.NameOf(plane),
            Kind = kind,
            Namespace = ns,
            Name = name,
            Action = action,
            NeedsWrite = action != ChangeAction.Unchanged,
        };

    private async Task<JsonObject?> DryRunAsync(
        MeshPlane plane, KubernetesKind kind, string? ns, JsonObject manifest, JsonObject? before,
        CancellationToken cancellationToken)
    {
        if (before is null && ns is not null && _plannedNamespaces.Contains((plane, ns))
            && await _session[plane].FindAsync(KubernetesKind.Namespace, null, ns, cancellationToken)
                .ConfigureAwait(false) is null)
        {
            // The server would refuse: the namespace comes into being by the same run.
            return null;
        }

        return await ApplyAsync(plane, kind, manifest, dryRun: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task<JsonObject> ApplyAsync(
        MeshPlane plane, KubernetesKind kind, JsonObject manifest, bool dryRun, CancellationToken cancellationToken)
    {
        try
        {
            return await _session[plane].ApplyAsync(
                kind, manifest, new ApplyOptions(_options.FieldManager, _options.Force, dryRun), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.Conflict && _options.ConflictRemedy is { } remedy)
        {
            throw new MeshException(e.Code, $"{e.Message} {remedy}", e.ErrorTarget, e);
        }
    }

    private static bool SameOwners(JsonObject before, JsonObject after) =>
        JsonNode.DeepEquals(Owners(before), Owners(after));

    private static JsonNode? Owners(JsonObject item)
    {
        JsonNode? owners = item["metadata"]?["managedFields"]?.DeepClone();
        foreach (JsonNode? owner in owners as JsonArray ?? [])
        {
            owner?.AsObject().Remove("time");
        }

        return owners;
    }
}

/// <summary>How objects are written.</summary>
/// <param name="FieldManager">The owner of what is written.</param>
/// <param name="Force">Whether fields of other managers are taken over.</param>
public sealed record ObjectWriterOptions(string FieldManager, bool Force = false)
{
    /// <summary>What to tell the user about a field conflict, after the fields and their managers are named.</summary>
    public string? ConflictRemedy { get; init; }
}
