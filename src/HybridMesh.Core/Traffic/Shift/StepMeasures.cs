namespace HybridMesh.Core;

/// <summary>What a measurement says of errors and of versions' latency.</summary>
internal static class StepMeasures
{
    /// <summary>The fewest answers of a version of which a 99th percentile says more than the slowest one.</summary>
    public const int EnoughForP99 = 100;

    /// <summary>The part of the requests that failed.</summary>
    public static double ErrorRate(TrafficShiftResult result) =>
        result.Requests == 0 ? 0 : (double)result.Errors.Values.Sum() / result.Requests;

    /// <summary>The 99th percentile per version, of those with enough answers.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> P99(TrafficShiftResult result) => result.Versions
        .Where(row => row.Observed >= EnoughForP99 && row.Latency.P99 > TimeSpan.Zero)
       .ToDictionary(row => row.Version, row => row.Latency.P99);
}
