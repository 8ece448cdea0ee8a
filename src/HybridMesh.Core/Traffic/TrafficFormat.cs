using System.Globalization;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Internal;

public static partial class Format
{
    /// <summary>A measurement: its target, a row per version, the verdict and how the requests went.</summary>
    public static string TrafficShift(TrafficShiftResult? result)
    {
        if (result is null)
        {
            return "";
        }

        StringBuilder text = new();
        string target = result.VirtualService is null
            ? ""
            : $" (VirtualService {result.VirtualService}{(result.Route is null ? "" : $", route {result.Route}")})";
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Uri}{target}").AppendLine();
        AppendRows(text, result);
        text.AppendLine().AppendLine(result.Summary).AppendLine();
        text.AppendLine(Requests(result)).Append(CultureInfo.InvariantCulture, $"Latency: {result.Latency}");
        return text.ToString();
    }

    private static string Requests(TrafficShiftResult result)
    {
        string errors = result.Errors.Count == 0
            ? "no errors"
            : "errors: " + string.Join(", ", result.Errors.Select(pair => $"{pair.Value.ToString("N0", CultureInfo.InvariantCulture)} {pair.Key}"));
        string unattributed = result.Unattributed == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {result.Unattributed:N0} unattributed");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Requests:N0} requests, {result.RequestsPerSecond:N0} per second, {errors}{unattributed}");
    }

    private static void AppendRows(StringBuilder text, TrafficShiftResult result)
    {
        int width = result.Versions.Select(row => row.Version.Length).Append("Version".Length).Max();
        string interval = string.Create(CultureInfo.InvariantCulture, $"Interval ({(1 - result.Alpha) * 100:0.####} %)");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"Version".PadRight(width)}  Expected   Observed     Share  "
            + $"{interval}");
        foreach (TrafficShare row in result.Versions)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{row.Version.PadRight(width)}  {Percent(row.Expected),8}  {row.Observed,9:N0}  "
                    + $"{Percent(row.Share),8}  {Interval(row)}");
        }
    }

    /// <summary>A share's interval, such as <c>26.3 - 32.9 %</c>.</summary>
    public static string Interval(TrafficShare? row) => row is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{row.IntervalLow:0.0} - {row.IntervalHigh:0.0} %");

    /// <summary>A percentage, such as <c>29.5 %</c>.</summary>
    public static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0#} %");
}
