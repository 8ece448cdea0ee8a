using System.Globalization;
using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>One measurement of a report.</summary>
internal static class SplitSection
{
    // More of them would bury the verdict.
    private const int MostNamed = 6;

    /// <summary>What a measurement says for the headline.</summary>
    public static ReportFact Fact(TrafficShiftResult result)
    {
        string where = result.VirtualService is { } name
            ? $"VirtualService {name}{(result.Route is null ? "" : $", route {result.Route},")}"
            : result.Uri.ToString();
        string[] parts = [.. result.Versions.Where(row => row.Expected > 0)
            .Select(row => row.Expected.ToString("0.##", CultureInfo.InvariantCulture))];
        string shares = "the shares asked for" + parts.Length switch
        {
            0 => "",
            > MostNamed => Invariant($" (of {parts.Length} versions)"),
            _ => $" ({string.Join(':', parts)})",
        };
        return new ReportFact(ReportContext.StateOf(result.Verdict), result.Verdict switch
        {
            Verdict.Consistent => Invariant(
                $"Traffic of {where} arrives in {shares}, as {result.Attributed:N0} answers show"),
            Verdict.Inconsistent => $"Traffic of {where} does not arrive in {shares}{Because(result)}",
            _ => Invariant(
                $"Whether traffic of {where} arrives in {shares} can't be told from {result.Attributed:N0} answers"),
        });
    }

    /// <summary>The measurement with its pictures and figures.</summary>
    public static IEnumerable<XElement> Render(TrafficShiftResult result, ReportContext context, string heading)
    {
        ReportState state = ReportContext.StateOf(result.Verdict);
        string summary = $"{ReportContext.Sign(state)} {ReportText.Readable(result.Summary)}";
        yield return Html.Classed(
            "div", "keep", Html.Of("h3", heading),
            Html.Classed("p", ReportContext.Style(state), Html.Of("strong", summary)),
            result.Versions.Count > 0 ? Html.Of("figure", SplitPicture.Draw(result, context)) : null);

        if (result.Versions.Count > 0)
        {
            yield return Figures(result);
        }

        foreach (XElement cause in result.Diagnosis.Select(Cause))
        {
            yield return cause;
        }

        yield return Html.Classed("p", "soft", ReportText.Readable(Statistics(result)));
        yield return Html.Classed("p", "soft", Requests(result));
        IReadOnlyList<(string Name, LatencySummary Latency)> rows = LatencyPicture.Rows(result);
        if (rows.Count > 0)
        {
            yield return Html.Classed(
                "div", "keep", Html.Of("h4", "Latency by version"),
                Html.Of("figure", LatencyPicture.Draw(rows, context)));
            yield return Html.Table(
                "Milliseconds; each percentile is the time that part of the answers took at most",
                ["Version", "#p50", "#p90", "#p95", "#p99", "#Slowest"],
                rows.Select(row => new[]
                {
                    row.Name, Ms(row.Latency.P50), Ms(row.Latency.P90), Ms(row.Latency.P95), Ms(row.Latency.P99),
                    Ms(row.Latency.Max),
                }));
        }
    }

    private static XElement Figures(TrafficShiftResult result) => Html.Table(
        "Answers by version",
        ["Version", "#Expected", "#Answers", "#Share", "#Interval", "#Errors", "#Error rate"],
        result.Versions.Select(row => new[]
        {
            row.Version, Format.Percent(row.Expected), Invariant($"{row.Observed:N0}"), Format.Percent(row.Share),
            Format.Interval(row), Invariant($"{row.Errors:N0}"), Format.Percent(row.ErrorRate),
        }));

    private static string Because(TrafficShiftResult result) =>
        result.Diagnosis.Count == 0 || result.Diagnosis[0].Cause == TrafficCause.Unknown
            ? "" : $". Most likely: {ReportText.Readable(result.Diagnosis[0].Message.TrimEnd('.'))}";

    private static XElement Cause(TrafficDiagnosis cause) => Html.Classed(
        "section", "cause",
        Html.Of(
            "p",
            Html.Of("strong", cause.Cause == TrafficCause.Unknown ? "Cause unknown: " : $"{cause.Cause}: "),
            ReportText.Readable(cause.Message)),
        cause.Evidence.Count == 0
            ? null : Html.Of("ul", cause.Evidence.Select(text => Html.Of("li", ReportText.Readable(text)))),
        cause.Command is { } command ? Html.Of("pre", command) : null);

    /// <summary>What was measured.</summary>
    public static string Target(TrafficShiftResult result) => result.VirtualService is null
        ? result.Uri.ToString()
        : $"{result.VirtualService}{(result.Route is null ? "" : $", route {result.Route}")}: {result.Uri}";

    private static string Statistics(TrafficShiftResult result)
    {
        string p = result.PValue >= 0.001 ? Invariant($"{result.PValue:0.###}") : Invariant($"{result.PValue:0.##E+0}");
        string decided = result.DecidedAt is { } at ? Invariant($", decided after {at:N0} answers") : "";
        string sequential = result.SequentialP is { } anytime
            ? Invariant($" Looked at after every answer: anytime p = {anytime:0.####}{decided}.") : "";
        string shift = Invariant($"telling a shift of {result.Tolerance:0.##} points");
        string needed = result.Attributed >= result.RequestsNeeded
            ? Invariant($"There are enough: {shift} takes {result.RequestsNeeded:N0}.")
            : Invariant($"There are {result.Attributed:N0} answers; {shift} takes {result.RequestsNeeded:N0}.");
        return Invariant($"p = {p} ({Words(result.PValueMethod)}; a right split is called wrong with probability ")
            + Invariant($"{result.Alpha} at most). Power {result.Power:0.###}. {needed}{sequential} ")
            + $"Intervals: {Method(result.IntervalMethod)}.";
    }

    private static string Requests(TrafficShiftResult result)
    {
        string errors = result.Errors.Count == 0
            ? "no errors"
            : "errors: " + string.Join(", ", result.Errors.Select(pair => Invariant($"{pair.Value:N0} {pair.Key}")));
        string rate = result.Rate is { } asked
            ? Invariant($"; {asked:N0} per second asked for, {result.AchievedRate:N0} begun, {result.Late:N0} late, ")
                + Invariant($"{result.Dropped:N0} dropped")
            : "";
        string connections = result.ConnectionMode == ConnectionMode.Kept
            ? "kept connections" : "a new connection per request";
        return Invariant($"{result.Requests:N0} requests in {result.Elapsed.TotalSeconds:0.##} s ")
            + Invariant($"({result.RequestsPerSecond:N0} per second), {errors}, ")
            + Invariant($"{result.Unattributed:N0} unattributed; ")
            + $"{result.Protocol} over {connections}{rate}; {Stopped(result.StoppedBy)}.";
    }

    private static string Words(PValueMethod method) => method switch
    {
        PValueMethod.Exact => "exact test",
        PValueMethod.ChiSquare => "chi-square test",
        PValueMethod.Sequential => "sequential test",
        _ => "exact tests per version, by Bonferroni",
    };

    private static string Stopped(StopReason reason) => reason switch
    {
        StopReason.Count => "all answers that were wanted came",
        StopReason.Duration => "the time was over",
        StopReason.Decided => "stopped as soon as it was decided",
        _ => "stopped because too many failed",
    };

    private static string Method(IntervalMethod method) => method == IntervalMethod.ClopperPearson
        ? "exact, by Clopper and Pearson" : "a confidence sequence, which holds however long one goes on";

    private static string Ms(TimeSpan span) => Invariant($"{span.TotalMilliseconds:0.##}");
}
