using System.Globalization;
using HybridMesh.Core;

namespace HybridMesh.Internal;

/// <summary>The columns of weights and shifts.</summary>
public static partial class Format
{
    /// <summary>What was done, or the step of the shift that is under way.</summary>
    public static string ShiftAction(TrafficShift shift)
    {
        ArgumentNullException.ThrowIfNull(shift);
        return shift.Action?.ToString() ?? (shift.Marker is { } marker
            ? string.Create(CultureInfo.InvariantCulture, $"step {marker.Step}/{marker.Steps.Count}") : "");
    }

    /// <summary>Shares, such as <c>v1 30 %, v2 60 %, v3 10 %</c>.</summary>
    public static string Weights(IReadOnlyList<TrafficWeight>? weights) =>
        weights is not { Count: > 0 } ? "(none)" : string.Join(", ", weights);

    /// <summary>The number of endpoints behind each weight.</summary>
    public static string Endpoints(IReadOnlyList<TrafficWeight>? weights) => string.Join(
        ", ", (weights ?? []).Select(weight => weight.Endpoints.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Shares alone, such as <c>30:60:10</c>.</summary>
    public static string Shares(IReadOnlyList<TrafficWeight>? weights) => string.Join(
        ':', (weights ?? []).Select(weight => weight.Percent.ToString("0.##", CultureInfo.InvariantCulture)));

    /// <summary>A step's place, such as <c>1 of 4</c>.</summary>
    public static string StepNumber(TrafficShiftStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return string.Create(CultureInfo.InvariantCulture, $"{step.Step} of {step.Steps}");
    }

    /// <summary>
    /// A step's shares, such as <c>v1 95 %, v2 5 %</c>; for one by header the headers and those that get anything.
    /// </summary>
    public static string StepWeights(TrafficShiftStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Header is null ? Weights(step.Weights)
            : $"{HeaderRoute.Text(step.Header)}: {Weights([.. step.Weights.Where(weight => weight.Weight > 0)])}";
    }

    /// <summary>The part of a step's requests that failed.</summary>
    public static string StepErrors(TrafficShiftStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.ErrorPercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} %") : "";
    }

    /// <summary>The 99th percentile of the version that gained traffic, else of all.</summary>
    public static string StepP99(TrafficShiftStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return (step.P99 ?? step.Measurement?.Latency.P99) is { } p99
            ? string.Create(CultureInfo.InvariantCulture, $"{p99.TotalMilliseconds:0.##} ms") : "";
    }
}
