using System.Globalization;

namespace HybridMesh.Core;

/// <summary>How long requests took, from sending (or connecting) to the end of the body.</summary>
public sealed record LatencySummary
{
    /// <summary>Half of the requests took up to this.</summary>
    public TimeSpan P50 { get; init; }

    /// <summary>90 % of the requests took up to this.</summary>
    public TimeSpan P90 { get; init; }

    /// <summary>95 % of the requests took up to this.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>99 % of the requests took up to this.</summary>
    public TimeSpan P99 { get; init; }

    /// <summary>The slowest request.</summary>
    public TimeSpan Max { get; init; }

    /// <summary>The percentiles in milliseconds.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {P50.TotalMilliseconds:0.##}, p90 {P90.TotalMilliseconds:0.##}, p95 {P95.TotalMilliseconds:0.##}, p99 "
            + $"{P99.TotalMilliseconds:0.##}, max {Max.TotalMilliseconds:0.##} ms");
}
