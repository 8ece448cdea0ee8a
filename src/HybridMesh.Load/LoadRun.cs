using System.Collections.Concurrent;
using System.Diagnostics;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>What the workers of one run share.</summary>
internal sealed record LoadRun(ILoadSink Sink, Pace Pace)
{
    // A sink that names ever new groups must not take ever more memory.
    private const int MaxGroups = 64;

    private const long WarmUpTicket = -1;

    private readonly LatencyRecorder _ungrouped = new();
    private readonly ConcurrentDictionary<string, LatencyRecorder> _groups = new(StringComparer.Ordinal);

    public RunCounters Counters { get; } = new();

    /// <summary>Whether a request is to be sent. One of the warm-up always is, and gets a ticket of its own.</summary>
    public bool TryBegin(in Slot slot, out long ticket)
    {
        ticket = WarmUpTicket;
        return !slot.IsMeasured || Sink.TryBegin(out ticket);
    }

    /// <summary>Counts that a request was sent again, unless it is one of the warm-up.</summary>
    public void CountRetry(long ticket)
    {
        if (ticket != WarmUpTicket)
        {
            Counters.CountRetry();
        }
    }

    /// <summary>Hands an answer to the sink and keeps its latency, unless it is one of the warm-up.</summary>
    public void Complete(in LoadAnswer answer, long took)
    {
        if (answer.Ticket == WarmUpTicket)
        {
            return;
        }

        string? group = Sink.Complete(answer);
        if (answer.StatusCode != 0)
        {
            Recorder(group).Record(took);
        }
    }

    /// <summary>How the run went.</summary>
    public LoadReport Report()
    {
        LatencyRecorder all = new();
        foreach (LatencyRecorder recorder in _groups.Values.Append(_ungrouped))
        {
            all.Add(recorder);
        }

        return new LoadReport(
            Stopwatch.GetElapsedTime(Math.Min(Pace.Begin, Stopwatch.GetTimestamp())), all.Summarize())
        {
            Groups = _groups.ToDictionary(pair => pair.Key, pair => pair.Value.Summarize(), StringComparer.Ordinal),
            AchievedRate = Pace.AchievedRate,
            Late = Pace.Late,
            Dropped = Pace.Dropped,
            ConnectionsOpened = Counters.Connections,
            Retried = Counters.Retried,
        };
    }

    private LatencyRecorder Recorder(string? group) =>
        group is null ? _ungrouped
        : _groups.TryGetValue(group, out LatencyRecorder? known) ? known
        : _groups.Count < MaxGroups ? _groups.GetOrAdd(group, _ => new LatencyRecorder())
        : _ungrouped;
}
