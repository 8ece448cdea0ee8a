using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>The paths of a report: who reaches whom.</summary>
internal static class PathSection
{
    // More of one kind are listed: nobody looks at two hundred pictures.
    private const int MostPictures = 12;

    /// <summary>What the paths say for the headline.</summary>
    public static ReportFact Fact(IReadOnlyList<MeshPath> paths)
    {
        MeshPath[] failed = [.. paths.Where(path => !path.Success)];
        string[] which =
        [
            .. failed.Select(path => $"{path.From} to {PathPicture.Target(path.Uri)} at {path.FailedStage}").Distinct(),
        ];
        return failed.Length > 0
            ? new ReportFact(
                ReportState.Bad,
                Invariant($"{failed.Length:N0} of {paths.Count:N0} paths ")
                    + $"{(failed.Length == 1 ? "is" : "are")} broken: "
                    + string.Join(", ", which.Take(3)) + (which.Length > 3 ? " and others" : ""))
            : new ReportFact(
                ReportState.Good,
                paths.Count == 1 ? "The path tested works" : Invariant($"All {paths.Count:N0} paths tested work"));
    }

    /// <summary>The paths, broken ones first; those that went the same way are drawn once.</summary>
    public static IEnumerable<XElement> Render(IReadOnlyList<MeshPath> paths, ReportContext context)
    {
        yield return Html.Of("h2", "Who reaches whom");
        if (PathMatrix.Render(paths) is { } matrix)
        {
            yield return matrix;
        }

        Dictionary<Uri, int> targets = [];
        foreach (MeshPath path in paths)
        {
            targets.TryAdd(path.Uri, targets.Count);
        }

        foreach (bool works in new[] { false, true })
        {
            MeshPath[][] groups = [.. paths.Where(path => path.Success == works).GroupBy(Way)
                .OrderBy(group => targets[group.First().Uri])
                .ThenBy(group => ReportText.Order(group.First().From), StringComparer.Ordinal)
                .Select(group => group.ToArray())];
            XElement[] figures = [.. groups.Take(MostPictures).Select(group =>
                Html.Of("figure", PathPicture.Draw(group[0], context), Caption(group)))];
            if (figures.Length > 0)
            {
                XElement heading = Html.Of("h3", works ? "Paths that work" : "Paths that are broken");
                yield return Html.Classed("div", "keep", heading, figures[0]);
            }

            foreach (XElement figure in figures.Skip(1))
            {
                yield return figure;
            }

            if (groups.Length > MostPictures)
            {
                yield return Rest(groups[MostPictures..], works);
            }
        }
    }

    private static string Way(MeshPath path) => string.Join(
        '\n',
        [
            path.From, path.Uri.ToString(), $"{path.FailedStage}", $"{path.StatusCode}", path.Detail ?? "",
            .. path.Hops.Select(hop => $"{hop}"),
        ]);

    private static XElement Rest(MeshPath[][] groups, bool works) => Html.Table(
        Invariant($"{groups.Length:N0} more that {(works ? "work" : "are broken")}"),
        works ? ["From", "*To", "Who answered", "#Took"] : ["From", "*To", "*What failed", "#Took"],
        groups.Select(group => new object[]
        {
            group[0].From, group[0].Uri.ToString(),
            works ? Hops(group[0]) : $"✕ {Words(group[0].FailedStage)}: {group[0].Detail}",
            Took(group) + (group.Length == 1 ? "" : Invariant($", {group.Length:N0} times")),
        }));

    // In the order of the pictures, not of the answer.
    private static string Hops(MeshPath path) => string.Join(" → ", path.Hops.Select(hop =>
        hop.Kind == HopKind.Unknown
            ? hop.Address ?? hop.Greeting : $"{(hop.Kind == HopKind.Vm ? "VM" : "pod")} {hop.Version ?? "?"}"));

    private static XElement Caption(MeshPath[] paths)
    {
        MeshPath path = paths[0];
        string took = Took(paths) is { Length: > 0 } times ? $"; {times}" : "";
        string count = paths.Length == 1 ? "" : Invariant($"; {paths.Length:N0} times");
        return path.Success
            ? Html.Classed(
                "figcaption", "soft", Html.Classed("b", "good", "✓ "), $"{path.From} reaches {path.Uri}{took}{count}")
            : Html.Of(
                "figcaption", Html.Classed("b", "bad", $"✕ {Words(path.FailedStage)} ({path.FailedStage}): "),
                path.Detail, Html.Classed("span", "soft", $" ({path.From} to {path.Uri}{took}{count})"));
    }

    private static string Took(MeshPath[] paths)
    {
        TimeSpan[] times = [.. paths.Select(item => item.Latency).OfType<TimeSpan>().Order()];
        string took = times.Length == 0 ? "" : times[0] == times[^1]
            ? Format.Milliseconds(times[0])
            : $"{Format.Milliseconds(times[0])} to {Format.Milliseconds(times[^1])}";
        return took.Replace(" ms", "\u00A0ms", StringComparison.Ordinal);
    }

    private static string Words(PathStage? stage) => stage switch
    {
        PathStage.Resolve => "The name has no address",
        PathStage.HostsShadow => "The name has a wrong address",
        PathStage.Connect => "No connection",
        PathStage.Tls => "No secure connection",
        PathStage.Http => "No good answer",
        PathStage.Version => "Another version answered",
        PathStage.Chain => "The answer came another way",
        _ => "Failed",
    };
}
