using System.Globalization;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Internal;

public static partial class Format
{
    /// <summary>The terminal's width when nobody tells it.</summary>
    private const int UsualWidth = 80;

    /// <summary>With less room than this beside the figures, the bars get lines of their own.</summary>
    private const int LeastBar = 16;

    /// <summary>Wider bars tell no more.</summary>
    private const int WidestBar = 50;

    /// <summary>
    /// A measurement: its target, a row and a bar per version, the verdict and how the requests went. Plain ASCII and
    /// no colour, so that it reads the same in any terminal, log or mail.
    /// </summary>
    /// <param name="result">The measurement.</param>
    /// <param name="width">The terminal's columns; 0 when there is no terminal.</param>
    public static string TrafficShift(TrafficShiftResult? result, int width = 0)
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
        AppendRows(text, result, width > 0 ? width : UsualWidth);
        text.AppendLine().AppendLine(Wrap(result.Summary, width)).AppendLine();
        AppendDiagnosis(text, result, width);
        text.AppendLine(Wrap(Requests(result), width)).AppendLine(Wrap(Connections(result), width));
        AppendLatency(text, result);
        return text.ToString();
    }

    /// <summary>
    /// A share as a bar: <c>#</c> up to the share observed and <c>|</c> where the expected one ends, so that a share
    /// that is as expected looks like <c>#####|</c>.
    /// </summary>
    /// <param name="row">The share.</param>
    /// <param name="scale">The share, in percent, that fills the width.</param>
    /// <param name="width">The characters before a mark at the very end.</param>
    public static string ShareBar(TrafficShare row, double scale, int width)
    {
        ArgumentNullException.ThrowIfNull(row);
        int filled = Cells(row.Share);
        char[] bar = new char[width + 1];
        Array.Fill(bar, ' ');
        Array.Fill(bar, '#', 0, filled);
        if (row.Expected > 0)
        {
            int mark = Cells(row.Expected);
            if (mark < filled)
            {
                // The mark takes a place of its own, so that no share looks smaller than it is.
                bar[filled] = '#';
            }

            bar[mark] = '|';
        }

        return new string(bar).TrimEnd();

        int Cells(double share) =>
            share <= 0 || scale <= 0 ? 0 : Math.Clamp((int)Math.Round(share / scale * width), 1, width);
    }

    // Commands are not broken: they are to be copied.
    private static void AppendDiagnosis(StringBuilder text, TrafficShiftResult result, int width)
    {
        foreach (TrafficDiagnosis cause in result.Diagnosis)
        {
            text.AppendLine(Wrap($"{cause.Cause}: {cause.Message}", width));
            foreach (string sentence in cause.Evidence)
            {
                text.AppendLine(Wrap($"- {sentence}", width));
            }

            if (cause.Command is { } command)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"> {command}");
            }

            text.AppendLine();
        }
    }

    // PowerShell breaks lines in the middle of words, one column before the last.
    private static string Wrap(string text, int width)
    {
        StringBuilder wrapped = new();
        int column = 0;
        foreach (string word in text.Split(' '))
        {
            bool breaks = width > 0 && column > 0 && column + 1 + word.Length >= width;
            wrapped.Append(column == 0 ? "" : breaks ? Environment.NewLine : " ").Append(word);
            column = column == 0 || breaks ? word.Length : column + 1 + word.Length;
        }

        return wrapped.ToString();
    }

    private static string Requests(TrafficShiftResult result)
    {
        string errors = result.Errors.Count == 0
            ? "no errors"
            : "errors: " + string.Join(", ",
                result.Errors.Select(pair => $"{pair.Value.ToString("N0", CultureInfo.InvariantCulture)} {pair.Key}"));
        string unattributed = result.Unattributed == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {result.Unattributed:N0} unattributed");
        string stopped = result.StoppedBy switch
        {
            StopReason.Decided => "; stopped as soon as it was decided",
            StopReason.Failures => "; stopped because too many failed",
            _ => "",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Requests:N0} requests, {result.RequestsPerSecond:N0} per second, "
            + $"{errors}{unattributed}{stopped}");
    }

    // Long-lived connections are where splits go wrong: how they were used belongs beside the verdict.
    private static string Connections(TrafficShiftResult result)
    {
        string mode = result.ConnectionMode == ConnectionMode.New ? "a new one for each request" : "kept";
        string retried = result.Retried == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {result.Retried:N0} requests sent again");
        string rate = result.Rate is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"; {result.AchievedRate:0.##} of {result.Rate:0.##} requests/s begun, {result.Late:N0} late, "
                + $"{result.Dropped:N0} dropped");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Protocol}, {result.ConnectionsOpened:N0} connections, {mode}{retried}{rate}");
    }

    private static void AppendLatency(StringBuilder text, TrafficShiftResult result)
    {
        text.Append(CultureInfo.InvariantCulture, $"Latency: {result.Latency}");
        foreach (TrafficShare row in result.Versions.Where(row => row.Latency.Max > TimeSpan.Zero))
        {
            string errors = row.Errors == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"; {row.ErrorRate:0.##} % errors");
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {row.Version}: {row.Latency}{errors}");
        }
    }

    private static void AppendRows(StringBuilder text, TrafficShiftResult result, int width)
    {
        const string Legend = "# share | expected";
        int name = result.Versions.Select(row => row.Version.Length).Append("Version".Length).Max();
        string interval =
            string.Create(CultureInfo.InvariantCulture, $"Interval ({(1 - result.Alpha) * 100:0.####} %)");
        string head = $"{"Version".PadRight(name)}  Expected   Observed     Share  {interval}";
        double scale = result.Versions.Select(row => Math.Max(row.Share, row.Expected)).DefaultIfEmpty(0).Max();
        int room = width - head.Length - 4;
        bool beside = room >= LeastBar;
        text.AppendLine(beside ? $"{head}  {Legend}" : head);
        foreach (TrafficShare row in result.Versions)
        {
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Version.PadRight(name)}  {Percent(row.Expected),8}  {row.Observed,9:N0}  "
                    + $"{Percent(row.Share),8}  {Interval(row)}");
            text.AppendLine(beside
                ? $"{line.PadRight(head.Length)}  {ShareBar(row, scale, Math.Min(room, WidestBar))}".TrimEnd()
                : line);
        }

        if (!beside)
        {
            int bar = Math.Clamp(width - name - 4, 1, WidestBar);
            text.AppendLine().Append(' ', name + 2).AppendLine(Legend);
            foreach (TrafficShare row in result.Versions)
            {
                text.AppendLine($"{row.Version.PadRight(name)}  {ShareBar(row, scale, bar)}".TrimEnd());
            }
        }
    }

    /// <summary>A share's interval, such as <c>26.3 - 32.9 %</c>.</summary>
    public static string Interval(TrafficShare? row) => row is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{row.IntervalLow:0.0} - {row.IntervalHigh:0.0} %");

    /// <summary>A percentage, such as <c>29.5 %</c>.</summary>
    public static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0#} %");
}
