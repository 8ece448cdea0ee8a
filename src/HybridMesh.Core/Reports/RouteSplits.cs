using System.Xml.Linq;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>The measurements of a report, route by route; the last of a route counts.</summary>
internal static class RouteSplits
{
    // Earlier ones are listed.
    private const int MostDrawn = 3;

    /// <summary>What the measurements say for the headline.</summary>
    public static IEnumerable<ReportFact> Facts(IEnumerable<TrafficShiftResult> results) =>
        Groups(results).Select(group => SplitSection.Fact(group[^1]));

    /// <summary>The measurements with their pictures and figures.</summary>
    public static IEnumerable<XElement> Render(IReadOnlyList<TrafficShiftResult> results, ReportContext context)
    {
        if (results.Count > 0)
        {
            yield return Html.Of("h2", "Does traffic arrive as asked for?");
        }

        TrafficShiftResult[][] groups = [.. Groups(results)];
        (TrafficShiftResult[][] drawn, TrafficShiftResult[][] others) = ReportContext.Worst(
            groups, group => ReportContext.StateOf(group[^1].Verdict));
        foreach (TrafficShiftResult[] group in drawn)
        {
            int listed = Math.Max(group.Length - MostDrawn, 0);
            if (listed > 0)
            {
                yield return Html.Of("h3", SplitSection.Target(group[0]));
                yield return Earlier(group[..listed], group.Length);
            }

            for (int i = listed; i < group.Length; i++)
            {
                string count = group.Length == 1 ? ""
                    : Invariant($" (measurement {i + 1:N0} of {group.Length:N0}")
                        + (i == group.Length - 1 ? "; the last one counts)" : ")");
                foreach (XElement element in SplitSection.Render(
                    group[i], context, SplitSection.Target(group[i]) + count))
                {
                    yield return element;
                }
            }
        }

        if (others.Length > 0)
        {
            yield return Html.Table(
                Invariant($"{others.Length:N0} more routes"), ["Route", "Verdict", "#Answers", "*In words"],
                others.Select(group => (object[])[SplitSection.Target(group[^1]), .. Cells(group[^1])]));
        }
    }

    private static IEnumerable<TrafficShiftResult[]> Groups(IEnumerable<TrafficShiftResult> results) => results
        .GroupBy(item => (item.Namespace, item.VirtualService, item.Route, item.Uri))
        .Select(group => group.ToArray());

    private static XElement Earlier(TrafficShiftResult[] results, int all) => Html.Table(
        Invariant($"Earlier measurements; {all:N0} in all"),
        ["Measurement", "Verdict", "#Answers", "*In words"],
        results.Select((result, i) => (object[])[Invariant($"{i + 1:N0}"), .. Cells(result)]));

    private static object[] Cells(TrafficShiftResult result) =>
    [
        ReportText.Marked(ReportContext.StateOf(result.Verdict), $"{result.Verdict}"),
        Invariant($"{result.Attributed:N0}"), ReportText.Readable(result.Summary),
    ];
}
