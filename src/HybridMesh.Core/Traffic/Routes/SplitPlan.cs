namespace HybridMesh.Core;

/// <summary>How a measurement will be made and judged.</summary>
internal sealed record SplitPlan
{
    /// <summary>Where requests go.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The Host header to send when it differs from the URL's; null when it does not.</summary>
    public string? HostHeader { get; init; }

    /// <summary>The shares expected.</summary>
    public required SplitExpectation Expected { get; init; }

    /// <summary>How versions are told.</summary>
    public required IVersionAttribution Attribution { get; init; }

    /// <summary>The namespace of the VirtualService.</summary>
    public string? Namespace { get; init; }

    /// <summary>The route; null without a VirtualService.</summary>
    public SplitRoute? Route { get; init; }

    /// <summary>What the mesh's objects say about the split; null without a mesh.</summary>
    public MeshEvidence? Mesh { get; init; }

    /// <summary>Parts of the split that cannot work, each in a sentence.</summary>
    public IReadOnlyList<string> Defects { get; init; } = [];
}
