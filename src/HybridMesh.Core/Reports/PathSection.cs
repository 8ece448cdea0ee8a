using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>The paths of a report: who reaches whom.</summary>
internal static class PathSection
{
    /// <summary>What the paths say for the headline.</summary>
    public static ReportFact Fact(IReadOnlyList<MeshPath> paths)
    {
        MeshPath[] failed = [.. paths.Where(path => !path.Success)];
        string stages = string.Join(
            ", ",
            failed.Select(path => $"{path.From} to {path.Uri.Authority} at {path.FailedStage}").Distinct().Take(3));
        return failed.Length > 0
            ? new ReportFact(
                ReportState.Bad,
                Invariant($"{failed.Length} of {paths.Count} paths {(failed.Length == 1 ? "is" : "are")} broken: ")
                    + stages + (failed.Length > 3 ? " and others" : ""))
            : new ReportFact(
                ReportState.Good,
                paths.Count == 1 ? "The path tested works" : Invariant($"All {paths.Count} paths tested work"));
    }

    /// <summary>The paths, broken ones first; those that went the same way are drawn once.</summary>
    public static IEnumerable<XElement> Render(IReadOnlyList<MeshPath> paths, ReportContext context)
    {
        yield return Html.Of("h2", "Who reaches whom");
        Uri[] targets = [.. paths.Select(path => path.Uri).Distinct()];
        foreach (bool works in new[] { false, true })
        {
            IGrouping<string, MeshPath>[] groups = [.. paths.Where(path => path.Success == works).GroupBy(Way)
                .OrderBy(group => Array.IndexOf(targets, group.First().Uri))
                .ThenBy(group => group.First().From, StringComparer.Ordinal)];
            if (groups.Length > 0)
            {
                yield return Html.Of("h3", works ? "Paths that work" : "Paths that are broken");
            }

            foreach (IGrouping<string, MeshPath> group in groups)
            {
                yield return Html.Of("figure", PathPicture.Draw(group.First(), context), Caption([.. group]));
            }
        }
    }

    private static string Way(MeshPath path) => string.Join(
        '\n',
        [
            path.From, path.Uri.ToString(), $"{path.FailedStage}", $"{path.StatusCode}", path.Detail ?? "",
            .. path.Hops.Select(hop => $"{hop}"),
        ]);

    private static XElement Caption(MeshPath[] paths)
    {
        MeshPath path = paths[0];
        TimeSpan[] times = [.. paths.Select(item => item.Latency).OfType<TimeSpan>().Order()];
        string took = times.Length == 0 ? "" : times[0] == times[^1]
            ? $"; {Format.Milliseconds(times[0])}"
            : $"; {Format.Milliseconds(times[0])} to {Format.Milliseconds(times[^1])}";
        string count = paths.Length == 1 ? "" : Invariant($"; {paths.Length} times");
        return path.Success
            ? Html.Classed(
                "figcaption", "soft", Html.Classed("b", "good", "✓ "), $"{path.From} reaches {path.Uri}{took}{count}")
            : Html.Of(
                "figcaption", Html.Classed("b", "bad", $"✕ {path.FailedStage}: "), path.Detail,
                Html.Classed("span", "soft", $" ({path.From} to {path.Uri}{took}{count})"));
    }
}
