using System.Globalization;
using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>Durations as Istio's resources write them: numbers with units in a row, such as 1m30s.</summary>
internal static partial class DurationText
{
    private static readonly Dictionary<string, double> Milliseconds = new()
    {
        ["h"] = 3_600_000,
        ["m"] = 60_000,
        ["s"] = 1000,
        ["ms"] = 1,
        ["us"] = 1e-3,
        ["ns"] = 1e-6,
    };

    public static bool IsAtLeastMillisecond(string text)
    {
        Match match = Parts().Match(text);
        if (!match.Success)
        {
            return false;
        }

        IEnumerable<double> parts = match.Groups["count"].Captures.Zip(
            match.Groups["unit"].Captures,
            (count, unit) => double.Parse(count.Value, CultureInfo.InvariantCulture) * Milliseconds[unit.Value]);
        return parts.Sum() >= 1;
    }

    [GeneratedRegex(@"\A((?<count>\d+(\.\d+)?)(?<unit>h|ms|m|s|us|ns))+\z")]
    private static partial Regex Parts();
}
