using System.Diagnostics;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>When a request starts.</summary>
/// <param name="Start">The Stopwatch's tick from which its latency counts.</param>
/// <param name="IsMeasured">Whether it counts; false while warming up.</param>
internal readonly record struct Slot(long Start, bool IsMeasured);

/// <summary>
/// Says when requests start: a closed loop's as soon as a worker is free, an open loop's at a constant rate whether
/// one is free or not.
/// </summary>
internal sealed class Pace : IDisposable
{
    // A timer's own lateness is not the server's; more than this is a machine too busy to measure anything.
    private static readonly long TimerSlack = Stopwatch.Frequency / 50;

    // Below this nobody speaks of lateness.
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    // How many milliseconds it may go unnoticed that no more requests are wanted.
    private const int MaxWait = 50;

    private readonly object _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationToken _stop;
    private readonly long _start;
    private readonly long _end;
    private readonly double _interval;
    private long _next;
    private long _begun;
    private long _late;
    private long _dropped;
    private long _last;

    public Pace(LoadPlan plan, CancellationToken stop)
    {
        _stop = stop;
        _interval = plan.Rate is { } rate ? Stopwatch.Frequency / rate : 0;
        _start = Stopwatch.GetTimestamp();
        Begin = _start + Ticks(plan.WarmUp);
        _end = plan.Duration is { } duration ? Begin + Ticks(duration) : long.MaxValue;
    }

    /// <summary>Whether requests begin at a constant rate.</summary>
    public bool IsOpenLoop => _interval > 0;

    /// <summary>From when on requests are measured.</summary>
    public long Begin { get; }

    /// <summary>
    /// How many requests of an open loop began late, because every worker still waited for an answer.
    /// </summary>
    public long Late => Interlocked.Read(ref _late);

    /// <summary>How many requests of an open loop were due but never begun, because the time was over first.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The rate at which an open loop's measured requests were begun; null for a closed loop.</summary>
    public double? AchievedRate => !IsOpenLoop ? null
        : _begun == 0 ? 0
        : _begun * (double)Stopwatch.Frequency / (_last - Begin + _interval);

    /// <summary>Takes the next request, if it is due.</summary>
    /// <param name="free">Since when the worker that asks has been free.</param>
    /// <param name="slot">The request, when it is due.</param>
    /// <returns>
    /// The milliseconds until it is due; 0 when it is, below 0 when the time is over or the run was stopped.
    /// </returns>
    public int Take(long free, out Slot slot)
    {
        if (!IsOpenLoop)
        {
            return AtOnce(Stopwatch.GetTimestamp(), out slot) ? 0 : -1;
        }

        lock (_gate)
        {
            return Look(free, out slot);
        }
    }

    /// <summary>
    /// Waits until a request is due. Free workers queue here and the first of them waits for the time, so that requests
    /// begin in the order in which they are due.
    /// </summary>
    /// <param name="wantsMore">Whether one is wanted at all; asked again and again.</param>
    /// <returns>The request; null when none is wanted, the time is over or the run was stopped.</returns>
    public async ValueTask<Slot?> WaitAsync(Func<bool> wantsMore)
    {
        long free = Stopwatch.GetTimestamp();
        if (!IsOpenLoop)
        {
            return AtOnce(free, out Slot now) ? now : null;
        }

        await _turn.WaitAsync(_stop).ConfigureAwait(false);
        try
        {
            while (wantsMore())
            {
                int wait = Take(free, out Slot slot);
                if (wait <= 0)
                {
                    return wait == 0 ? slot : null;
                }

                await Task.Delay(wait, _stop).ConfigureAwait(false);
            }

            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // Two of them and the time of today together stay in range.
    private static long Ticks(TimeSpan time) =>
        (long)Math.Min(time.TotalSeconds * Stopwatch.Frequency, long.MaxValue / 4.0);

    private bool AtOnce(long now, out Slot slot)
    {
        slot = new Slot(now, now >= Begin);
        return now < _end && !_stop.IsCancellationRequested;
    }

    private int Look(long free, out Slot slot)
    {
        slot = default;
        long now = Stopwatch.GetTimestamp();
        long due = _start + (long)(_next * _interval);
        if (due >= _end || now >= _end || _stop.IsCancellationRequested)
        {
            Drop();
            return -1;
        }

        if (due > now)
        {
            return (int)Math.Ceiling(Math.Min((due - now) * 1000.0 / Stopwatch.Frequency, MaxWait));
        }

        _next++;
        slot = Take(free, due, now);
        return 0;
    }

    // Latency counts from when the request was due, or a server that stalls would hold up the very requests that would
    // have shown it (coordinated omission). Only where a worker stood ready is the timer's lateness left out.
    private Slot Take(long free, long due, long now)
    {
        bool ready = free <= due && now - due <= TimerSlack;
        bool measured = due >= Begin;
        if (measured)
        {
            _begun++;
            _last = Math.Max(_last, now);
            _late += !ready && now - due > Millisecond ? 1 : 0;
        }

        return new Slot(ready ? now : due, measured);
    }

    private void Drop()
    {
        if (_end != long.MaxValue && !_stop.IsCancellationRequested)
        {
            long due = (long)Math.Ceiling((_end - _start) / _interval);
            _dropped = Math.Max(_dropped, due - Math.Max(_next, (long)Math.Ceiling((Begin - _start) / _interval)));
        }
    }
}
