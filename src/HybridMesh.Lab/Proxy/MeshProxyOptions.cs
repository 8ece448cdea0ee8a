namespace HybridMesh.Lab;

/// <summary>How the mesh data plane draws; the switches are faults that can be set while it runs.</summary>
public sealed class MeshProxyOptions
{
    /// <summary>Makes the sequence of draws repeatable; null seeds it by chance.</summary>
    public int? Seed { get; init; }

    /// <summary>Whether every destination of a route gets the same share, whatever its weight.</summary>
    public bool IgnoreWeights { get; set; }

    /// <summary>Whether all requests of one connection go to the backend its first one drew.</summary>
    public bool PinConnections { get; set; }
}
