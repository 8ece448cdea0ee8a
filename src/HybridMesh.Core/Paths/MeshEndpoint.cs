namespace HybridMesh.Core;

/// <summary>An address traffic can arrive at: a pod or a VM's WorkloadEntry.</summary>
/// <param name="Address">The IP address.</param>
/// <param name="Kind">Pod or Vm.</param>
/// <param name="Name">The pod's or WorkloadEntry's name.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record MeshEndpoint(
    string Address, HopKind Kind, string Name, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Its part among the endpoints it stands beside; a pod's is 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The label versions are told by.</summary>
    public const string VersionLabel = "version";

    /// <summary>The <c>version</c> label.</summary>
    public string? Version => Labels.GetValueOrDefault(VersionLabel);
}
