using System.Globalization;
using HybridMesh.Core;

namespace HybridMesh.Internal;

/// <summary>The columns of weights and shifts.</summary>
public static partial class Format
{
    /// <summary>The VirtualService, and the shift that is under way on it.</summary>
    public static string ShiftOwner(TrafficShift shift)
    {
        ArgumentNullException.ThrowIfNull(shift);
        return $"{shift.Namespace}/{shift.VirtualService}{(shift.Marker is null ? "" : $" (shifting: {shift.Marker})")}";
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
}
