using System.Globalization;

namespace HybridMesh.Core;

/// <summary>One version's part of a measured split.</summary>
public sealed record TrafficShare
{
    /// <summary>The version, as its endpoints' label, a pattern or a header names it.</summary>
    public required string Version { get; init; }

    /// <summary>The share expected, in percent; 0 for a version that was not expected at all.</summary>
    public required double Expected { get; init; }

    /// <summary>How many answers it gave.</summary>
    public required int Observed { get; init; }

    /// <summary>The share observed, in percent.</summary>
    public required double Share { get; init; }

    /// <summary>The lower end of the interval that holds the true share, in percent.</summary>
    public required double IntervalLow { get; init; }

    /// <summary>
    /// The upper end, in percent. All versions' intervals hold together with confidence 1 - Alpha; the result's
    /// IntervalMethod says by which method.
    /// </summary>
    public required double IntervalHigh { get; init; }

    /// <summary>
    /// How many of its answers were errors; an error tells its version when the app itself made it, not the mesh.
    /// They are not among Observed.
    /// </summary>
    public int Errors { get; init; }

    /// <summary>The part of its answers that were errors, in percent.</summary>
    public double ErrorRate => Errors == 0 ? 0 : 100.0 * Errors / (Observed + Errors);

    /// <summary>How long its answers took, errors included.</summary>
    public LatencySummary Latency { get; init; } = new();

    /// <summary>The share in short, such as <c>v1 29.5 % of 30 (26.3 - 32.9)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Version} {Share:0.0} % of {Expected:0.##} ({IntervalLow:0.0} - {IntervalHigh:0.0})");
}
