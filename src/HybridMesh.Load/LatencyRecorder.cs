using System.Diagnostics;
using HdrHistogram;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>Latencies of any number of requests in a fixed amount of memory, precise to 0.1 %.</summary>
internal sealed class LatencyRecorder
{
    private const long MaxMicroseconds = 3_600_000_000;
    private const int Digits = 3;

    private readonly LongConcurrentHistogram _microseconds = new(1, MaxMicroseconds, Digits);
    private long _max;

    /// <summary>Adds one request's time, as ticks of the Stopwatch.</summary>
    public void Record(long stopwatchTicks)
    {
        long microseconds = (long)(stopwatchTicks * (1e6 / Stopwatch.Frequency));
        _microseconds.RecordValue(Math.Clamp(microseconds, 1, MaxMicroseconds));
        long seen = Volatile.Read(ref _max);
        while (microseconds > seen)
        {
            long other = Interlocked.CompareExchange(ref _max, microseconds, seen);
            if (other == seen)
            {
                break;
            }

            seen = other;
        }
    }

    /// <summary>Adds all that another has recorded.</summary>
    public void Add(LatencyRecorder other)
    {
        _microseconds.Add(other._microseconds);
        _max = Math.Max(_max, other._max);
    }

    /// <summary>The percentiles; zeros when nothing was recorded.</summary>
    public LatencySummary Summarize() => _microseconds.TotalCount == 0
        ? new LatencySummary()
        : new LatencySummary
        {
            P50 = At(50),
            P90 = At(90),
            P95 = At(95),
            P99 = At(99),
            Max = TimeSpan.FromMicroseconds(_max),
        };

    // A bucket's upper end may lie above the slowest request.
    private TimeSpan At(double percentile) =>
        TimeSpan.FromMicroseconds(Math.Min(_microseconds.GetValueAtPercentile(percentile), _max));
}
