namespace HybridMesh.Core;

/// <summary>Why a measurement sent no more requests.</summary>
public enum StopReason
{
    /// <summary>All answers that were wanted had come.</summary>
    Count,
    /// <summary>Its time was over.</summary>
    Duration,
    /// <summary>The sequential test had decided that the split is wrong.</summary>
    Decided,
    /// <summary>So many requests failed that the few more that are allowed could not make up for them.</summary>
    Failures,
}
