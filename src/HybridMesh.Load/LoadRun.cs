using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>What the workers of one run share.</summary>
internal sealed record LoadRun(ILoadSink Sink, Pace Pace)
{
    public RunCounters Counters { get; } = new();

    public LatencyRecorder Latency { get; } = new();
}
