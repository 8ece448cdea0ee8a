using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>
/// A path as a chain of boxes: where from, what was asked for, who answered; a failing stage breaks an arrow.
/// </summary>
internal static class PathPicture
{
    private const int MostHops = 13;
    private const int RowLength = 5;
    private const double Gap = 30;
    private const double WidestBox = 214;

    /// <summary>Draws it; as wide as it must be, and on several rows when it is long.</summary>
    public static XElement Draw(MeshPath path, ReportContext context)
    {
        PathBox[] boxes = [.. Boxes(path)];
        bool isLong = boxes.Length > RowLength;
        int columns = Math.Min(boxes.Length, RowLength);
        double gaps = ((isLong ? columns : columns - 1) * Gap)
            + boxes.Max(box => GapBefore(box) - Gap);
        double width = Math.Min((Svg.Width - 4 - gaps - (isLong ? Gap : 0)) / columns, WidestBox);
        double height = boxes.Any(box => box.IsHigh(width)) ? 78 : 64;
        List<object?> shapes = [];
        double most = 0;
        for (int i = 0; i < boxes.Length; i += RowLength)
        {
            double y = 4 + (i / RowLength * (height + 18));
            (double end, IEnumerable<object?> row) = Row(
                boxes[i..Math.Min(i + RowLength, boxes.Length)], i > 0, width, y, height);
            shapes.AddRange(row);
            most = Math.Max(most, end);
            if (i + RowLength < boxes.Length)
            {
                shapes.Add(Svg.Text("strong soft", end + (Gap / 2), y + (height / 2) + 5, "↵", "middle"));
            }
        }

        int rows = (boxes.Length + RowLength - 1) / RowLength;
        return Svg.Picture(
            context.NextPicture(), (rows * (height + 18)) - 10, $"Path from {path.From} to {path.Uri}",
            path.Success ? $"Works: {Format.Hops(path.Hops)}" : $"Fails at {path.FailedStage}: {path.Detail}",
            isLong ? Svg.Width : most + 2, shapes);
    }

    /// <summary>The whole URL is in the caption; of a Service's name the first label says enough.</summary>
    public static string Target(Uri uri) => uri.Host.Contains(".svc", StringComparison.Ordinal)
        ? Invariant($"{uri.Host.Split('.')[0]}:{uri.Port}") : uri.Authority;

    private static (double End, IEnumerable<object?> Shapes) Row(
        PathBox[] boxes, bool goesOn, double width, double y, double height)
    {
        List<object?> shapes = [];
        double x = 2;
        for (int i = 0; i < boxes.Length; i++)
        {
            if (i > 0 || goesOn)
            {
                double gap = GapBefore(boxes[i]);
                shapes.AddRange(Arrow(boxes[i].Broken, x, x + gap, y + (height / 2)));
                x += gap;
            }

            shapes.AddRange(boxes[i].Draw(x, y, width, height));
            x += width;
        }

        return (x, shapes);
    }

    // A failed stage's name stands on its arrow.
    private static double GapBefore(PathBox box) =>
        box.Broken is { } stage ? SvgText.Measure($"✕ {stage}", SvgText.Bold) + 16 : Gap;

    private static IEnumerable<PathBox> Boxes(MeshPath path)
    {
        bool isChain = path.FailedStage is PathStage.Version or PathStage.Chain;
        PathStage? before = isChain ? null : path.FailedStage;
        yield return new PathBox("box", path.From, path.Client is null ? "origin" : $"by {path.Client}", "", "from");
        yield return new PathBox(
            before is null ? "box" : "box bad", Target(path.Uri), path.Uri.PathAndQuery,
            path.StatusCode is { } status ? Invariant($"HTTP {status}{(before is null ? "" : " ✕")}")
                : before is null ? "" : "no answer",
            "asked for", before);

        // Without a hop known to be at fault, all of them are in doubt.
        int count = path.Hops.Count;
        int? fault = isChain ? path.FailedHop : null;
        bool inDoubt = isChain && fault is null;
        for (int i = 0; i < count; i++)
        {
            int left = Left(i, count, fault - 1);
            if (left > 0)
            {
                yield return new PathBox("box ghost", "…", Invariant($"{left} more hops"), "not drawn", "");
                i += left - 1;
                continue;
            }

            bool isWrong = inDoubt || fault == i + 1;
            yield return Hop(path, i, isWrong, (inDoubt && i == 0) || fault == i + 1 ? path.FailedStage : null);
        }

        if (fault > count)
        {
            yield return new PathBox(
                "box ghost bad", "missing", Expected(path, count), "no such hop ✕", "", path.FailedStage);
        }
    }

    // Of a chain that is too long the beginning, the end and the hop at fault are drawn.
    private static int Left(int i, int count, int? fault)
    {
        const int end = 3;
        const int beginning = MostHops - end - 1;
        if (count <= MostHops || i < beginning || i >= count - end || i == fault)
        {
            return 0;
        }

        int left = (fault > i && fault < count - end ? fault.Value : count - end) - i;
        return left == 1 ? 0 : left;
    }

    private static PathBox Hop(MeshPath path, int i, bool isWrong, PathStage? broken)
    {
        MeshHop hop = path.Hops[i];
        string kind = hop.Kind switch { HopKind.Pod => "pod", HopKind.Vm => "VM", _ => "unknown" };
        string style = $"box{(hop.Kind == HopKind.Vm ? " vm" : "")}{(isWrong ? " bad" : "")}";
        string last = path.FailedHop == i + 1 ? $"{Expected(path, i)} ✕" : hop.Address ?? "";
        return new PathBox(
            style, $"{kind} {hop.Version ?? "(no version)"}", hop.Name ?? hop.Greeting, last, "", broken);
    }

    private static string Expected(MeshPath path, int i) =>
        i < path.ExpectedChain.Count ? $"expected {path.ExpectedChain[i]}"
            : path.ExpectedChain.Count > 0 ? "not expected" : "not as expected";

    private static object[] Arrow(PathStage? broken, double from, double to, double y) => broken is null
        ? Svg.Arrow("", from + 3, to - 3, y)
        :
        [
            .. Svg.Arrow("bad", from + 3, to - 3, y),
            Svg.Text("bad strong", (from + to) / 2, y - 9, $"✕ {broken}", "middle"),
        ];
}
