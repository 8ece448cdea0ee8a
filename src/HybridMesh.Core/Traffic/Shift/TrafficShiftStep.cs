namespace HybridMesh.Core;

/// <summary>What became of a step of a progressive shift.</summary>
public enum ShiftAction
{
    /// <summary>It held; the next step follows.</summary>
    Passed,
    /// <summary>It held and was the last; the shift is done.</summary>
    Completed,
    /// <summary>It did not hold; the weights from before the shift are back.</summary>
    RolledBack,
    /// <summary>Another writer changed the weights; theirs were left, and the shift ended.</summary>
    Overtaken,
}

/// <summary>One step of a progressive shift.</summary>
public sealed record TrafficShiftStep
{
    /// <summary>The VirtualService's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The VirtualService's name.</summary>
    public required string VirtualService { get; init; }

    /// <summary>The route's name, or its place when it has none.</summary>
    public required string Route { get; init; }

    /// <summary>The step, from 1 on.</summary>
    public required int Step { get; init; }

    /// <summary>How many steps there are.</summary>
    public required int Steps { get; init; }

    /// <summary>
    /// The headers of the requests the step is for; null when it is for all. The others keep what they had.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Header { get; init; }

    /// <summary>The weights of the step.</summary>
    public required IReadOnlyList<TrafficWeight> Weights { get; init; }

    /// <summary>The route's weights before the step; requests without the step's headers keep them.</summary>
    public IReadOnlyList<TrafficWeight> PreviousWeights { get; init; } = [];

    /// <summary>What the answers said about the split; Undecided when none could be had.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What became of the step.</summary>
    public required ShiftAction Action { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The part of the requests that failed, in percent; null when nothing was measured.</summary>
    public double? ErrorPercent { get; init; }

    /// <summary>
    /// The 99th percentile of the version that gained traffic and was slowest, or of the one over the limit; null
    /// when it is not known.
    /// </summary>
    public TimeSpan? P99 { get; init; }

    /// <summary>The whole measurement; null when none could be made.</summary>
    public TrafficShiftResult? Measurement { get; init; }

    /// <summary>
    /// The measurement of requests without the step's headers; null when the step is for all requests.
    /// </summary>
    public TrafficShiftResult? MeasurementWithoutHeader { get; init; }

    /// <summary>From the write of the weights to the end of the measurement.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The step in short.</summary>
    public override string ToString() => $"{VirtualService}/{Route} step {Step} of {Steps}: {Action}";
}
