using System.Diagnostics;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>When a request starts.</summary>
/// <param name="Start">The Stopwatch's tick from which its latency counts.</param>
/// <param name="IsMeasured">Whether it counts; false while warming up.</param>
internal readonly record struct Slot(long Start, bool IsMeasured);

/// <summary>Says when requests start: at once, until the time is over.</summary>
internal sealed class Pace
{
    private readonly long _end;
    private readonly CancellationToken _stop;

    public Pace(LoadPlan plan, CancellationToken stop)
    {
        _stop = stop;
        Begin = Stopwatch.GetTimestamp();
        _end = plan.Duration is { } duration
            ? Begin + (long)(duration.TotalSeconds * Stopwatch.Frequency)
            : long.MaxValue;
    }

    /// <summary>From when on requests are measured.</summary>
    public long Begin { get; }

    /// <summary>Waits until a request is due.</summary>
    /// <returns>Whether one is; false when the time is over or the run was stopped.</returns>
    public bool Wait(out Slot slot)
    {
        long now = Stopwatch.GetTimestamp();
        slot = new Slot(now, IsMeasured: true);
        return now < _end && !_stop.IsCancellationRequested;
    }
}
