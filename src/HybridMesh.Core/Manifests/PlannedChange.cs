using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What a write would do to one object, as the server's dry run tells it.</summary>
public sealed record PlannedChange
{
    /// <summary>The plane.</summary>
    public required MeshPlane Plane { get; init; }

    /// <summary>What messages call the plane: data plane, control plane or cluster.</summary>
    public required string PlaneName { get; init; }

    /// <summary>The kind, in the version that is written.</summary>
    public required KubernetesKind Kind { get; init; }

    /// <summary>The namespace; null for a kind without.</summary>
    public required string? Namespace { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What would be done, or, once committed, what was done.</summary>
    public required ChangeAction Action { get; init; }

    /// <summary>
    /// Each change as <c>path: old -> new</c>, or <c>path: value</c> for an object that is created. Values of Secrets
    /// are hidden.
    /// </summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>Whether a call is needed; an unchanged object may still need one to record its field manager.</summary>
    public required bool NeedsWrite { get; init; }

    /// <summary>The object before; null when there is none.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>The object after the write; before it, what the dry run answered. Null when it is removed.</summary>
    public JsonObject? After { get; init; }

    /// <summary>What is applied; null for a removal.</summary>
    internal JsonObject? Manifest { get; init; }

    /// <summary>The object for -WhatIf and -Confirm: <c>Service ns/name on the data plane</c>.</summary>
    public string Target => $"{ObjectName.Of(Kind.Kind, Namespace, Name)} on the {PlaneName}";

    /// <summary>The change for -WhatIf and -Confirm: <c>update spec.replicas: 1 -> 2</c>.</summary>
    public string Description => Action switch
    {
        ChangeAction.Created when Differences.Count > 0 => $"create with {string.Join("; ", Differences)}",
        ChangeAction.Created => "create",
        ChangeAction.Updated => $"update {string.Join("; ", Differences)}",
        ChangeAction.Removed when Kind == KubernetesKind.Namespace => "remove, with everything in it",
        ChangeAction.Removed => "remove",
        _ when NeedsWrite => "record the field manager; no value changes",
        _ => "leave as it is",
    };
}
