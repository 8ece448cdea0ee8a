using System.Diagnostics;
using HybridMesh.Core;

namespace HybridMesh.Load.Tests;

public sealed class LatencyRecorderTests
{
    [Fact]
    public void Summarize_KnownLatencies_GivesTheirPercentilesToATenthOfAPercent()
    {
        LatencyRecorder recorder = new();
        for (int ms = 1; ms <= 1000; ms++)
        {
            recorder.Record(ms * Stopwatch.Frequency / 1000);
        }

        LatencySummary summary = recorder.Summarize();
        Near(500, summary.P50);
        Near(900, summary.P90);
        Near(950, summary.P95);
        Near(990, summary.P99);
        Assert.Equal(1000, summary.Max.TotalMilliseconds);
    }

    [Fact]
    public void Summarize_NothingRecorded_IsZero() =>
        Assert.Equal(new LatencySummary(), new LatencyRecorder().Summarize());

    [Fact]
    public void Record_TwoMillionRequests_TakesNoMoreMemory()
    {
        LatencyRecorder recorder = new();
        recorder.Record(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 2_000_000; i++)
        {
            recorder.Record(i * 7919L % Stopwatch.Frequency);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    private static void Near(double milliseconds, TimeSpan actual) =>
        Assert.InRange(actual.TotalMilliseconds, milliseconds * 0.998, milliseconds * 1.002);
}
