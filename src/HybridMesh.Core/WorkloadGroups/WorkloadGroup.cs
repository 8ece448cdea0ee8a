using System.Collections.ObjectModel;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>An Istio WorkloadGroup: what the WorkloadEntries and sidecars of like VMs have in common.</summary>
public sealed record WorkloadGroup
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The labels its workloads get: those in spec.metadata, with those in spec.template on top.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The annotations its workloads get.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The ports, in the order declared.</summary>
    public IReadOnlyList<MeshPort> Ports { get; init; } = [];

    /// <summary>The service account its workloads run as.</summary>
    public string ServiceAccount { get; init; } = WorkloadGroupManifest.DefaultServiceAccount;

    /// <summary>The Istio network.</summary>
    public string? Network { get; init; }

    /// <summary>The locality, region/zone/subzone.</summary>
    public string? Locality { get; init; }

    /// <summary>The endpoints' weight.</summary>
    public int? Weight { get; init; }

    /// <summary>The file it was written to; null when it is live.</summary>
    public string? Path { get; init; }

    /// <summary>What was done; null when it was only read.</summary>
    public ChangeAction? Action { get; init; }

    /// <summary>The whole object, which holds more than the properties: the probe, the proxy's configuration.</summary>
    internal JsonObject? Manifest { get; init; }
}
