namespace HybridMesh.Core;

/// <summary>What a shift asks and tells while it runs.</summary>
/// <param name="Gate">Asks before the first write, and takes warnings and decisions.</param>
/// <param name="Output">Takes each step as soon as it is judged.</param>
/// <param name="Progress">Takes the part done in percent and a sentence.</param>
public sealed record ShiftEvents(IChangeGate Gate, Func<TrafficShiftStep, Task> Output, Action<int, string> Progress);
