namespace HybridMesh.Core;

/// <summary>Which manifests to publish or remove, and how.</summary>
public sealed record ManifestRequest
{
    /// <summary>Files and folders, absolute.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The namespace of objects that name none.</summary>
    public required string Namespace { get; init; }

    /// <summary>Whether fields of other managers are taken over.</summary>
    public bool Force { get; init; }
}
