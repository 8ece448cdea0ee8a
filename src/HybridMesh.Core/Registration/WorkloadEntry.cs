using System.Collections.ObjectModel;

namespace HybridMesh.Core;

/// <summary>An Istio WorkloadEntry: one VM's endpoint as the mesh knows it.</summary>
public sealed record WorkloadEntry
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The object's name, such as <c>mesh-expansion-hello2-svc-1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The first label of the host of each ServiceEntry whose workloadSelector matches, comma separated; null when
    /// none does.
    /// </summary>
    public string? ServiceName { get; init; }

    /// <summary>The VM's IP address.</summary>
    public string? Address { get; init; }

    /// <summary>The <c>version</c> label, which DestinationRule subsets select on.</summary>
    public string? Version { get; init; }

    /// <summary>The version before a change; null when nothing was changed or there was none.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>The labels in <c>spec.labels</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The endpoint's weight inside one subset.</summary>
    public int? Weight { get; init; }

    /// <summary>The locality, region/zone/subzone.</summary>
    public string? Locality { get; init; }

    /// <summary>The Istio network.</summary>
    public string? Network { get; init; }

    /// <summary>The service account.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>
    /// The condition <c>Healthy</c> as the mesh reports it: True, False or Unknown; null when there is none.
    /// </summary>
    public string? Health { get; init; }

    /// <summary>What was done to it, when it comes from a writer; null when it was only read.</summary>
    public ChangeAction? Action { get; init; }
}
