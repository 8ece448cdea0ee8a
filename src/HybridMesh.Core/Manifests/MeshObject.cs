namespace HybridMesh.Core;

/// <summary>An object of a manifest and what was done to it.</summary>
public sealed record MeshObject
{
    /// <summary>The kind, such as <c>Deployment</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The namespace; null for a kind without.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The plane it belongs to.</summary>
    public required MeshPlane Plane { get; init; }

    /// <summary>What was done to it.</summary>
    public required ChangeAction Action { get; init; }

    /// <summary>The object a change is about.</summary>
    public static MeshObject From(PlannedChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new()
        {
            Kind = change.Kind.Kind,
            Namespace = change.Namespace,
            Name = change.Name,
            Plane = change.Plane,
            Action = change.Action,
        };
    }

    /// <summary>Kind and name.</summary>
    public override string ToString() => ObjectName.Of(Kind, Namespace, Name);
}
