using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>
/// A path as a chain of boxes: where from, what was asked for, who answered; a failing stage breaks an arrow.
/// </summary>
internal static class PathPicture
{
    private const int MostHops = 6;
    private const double Height = 76;
    private const double Gap = 34;
    private const double StageGap = 96;
    private const double WidestBox = 230;

    /// <summary>Draws it.</summary>
    public static XElement Draw(MeshPath path, ReportContext context)
    {
        MeshHop[] hops = [.. path.Hops.Take(MostHops)];
        bool isChain = path.FailedStage is PathStage.Version or PathStage.Chain;
        bool isBefore = path.FailedStage is not null && !isChain;
        double first = isBefore ? StageGap : Gap;
        double second = isChain ? StageGap : Gap;
        double gaps = first + (hops.Length > 0 ? second : 0) + (Gap * Math.Max(hops.Length - 1, 0));
        double width = Math.Min((Svg.Width - 4 - gaps) / (hops.Length + 2), WidestBox);
        double x = 2;
        string client = path.Client is null ? "origin" : $"by {path.Client}";
        List<object?> shapes = [.. Box("box", x, width, path.From, client, null)];
        x += width;
        shapes.AddRange(Arrow(isBefore ? path.FailedStage : null, x, x + first));
        x += first;
        shapes.AddRange(Box(
            isBefore ? "box bad" : "box", x, width, Target(path.Uri), path.Uri.PathAndQuery,
            path.StatusCode is { } status ? Invariant($"HTTP {status}{(isBefore ? " ✕" : "")}")
                : isBefore ? "no answer" : ""));
        x += width;
        for (int i = 0; i < hops.Length; i++)
        {
            double gap = i == 0 ? second : Gap;
            shapes.AddRange(Arrow(i == 0 && isChain ? path.FailedStage : null, x, x + gap));
            x += gap;
            shapes.AddRange(Hop(hops[i], x, width, isChain));
            x += width;
        }

        return Svg.Picture(
            context.NextPicture(), Height, $"Path from {path.From} to {path.Uri}",
            path.Success ? $"Works: {Format.Hops(path.Hops)}" : $"Fails at {path.FailedStage}: {path.Detail}", shapes);
    }

    // The whole URL is in the caption; of a Service's name the first label says enough.
    private static string Target(Uri uri) => uri.Host.Contains(".svc", StringComparison.Ordinal)
        ? Invariant($"{uri.Host.Split('.')[0]}:{uri.Port}") : uri.Authority;

    private static IEnumerable<object?> Hop(MeshHop hop, double x, double width, bool isWrong)
    {
        string kind = hop.Kind switch { HopKind.Pod => "pod", HopKind.Vm => "VM", _ => "unknown" };
        return Box(
            $"box{(hop.Kind == HopKind.Vm ? " vm" : "")}{(isWrong ? " bad" : "")}", x, width,
            $"{kind} {hop.Version ?? "(no version)"}", hop.Name ?? hop.Greeting, hop.Address ?? "");
    }

    private static IEnumerable<object?> Box(string style, double x, double width, string head, string line,
        string? last) =>
    [
        Svg.Rect(style, x, 6, width, Height - 12, 6),
        Svg.Fitted("strong", x + (width / 2), 28, width - 14, 14.5, head, "middle"),
        Svg.Fitted("small soft", x + (width / 2), 45, width - 14, 11, line, "middle"),
        string.IsNullOrEmpty(last)
            ? null : Svg.Fitted("small soft", x + (width / 2), 60, width - 14, 11, last, "middle"),
    ];

    private static object[] Arrow(PathStage? broken, double from, double to)
    {
        double middle = (from + to) / 2;
        return broken is null
            ? Svg.Arrow("", from + 3, to - 3, Height / 2)
            :
            [
                .. Svg.Arrow("bad", from + 3, to - 3, Height / 2),
                Svg.Text("bad strong", middle, (Height / 2) - 9, $"✕ {broken}", "middle"),
            ];
    }
}
