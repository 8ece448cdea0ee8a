using System.Xml.Linq;
using HybridMesh.Internal;

namespace HybridMesh.Core;

/// <summary>All paths at a glance: origins against URLs, the more numerous of them down the page.</summary>
internal static class PathMatrix
{
    private const int MostRows = 100;
    private const int MostColumns = 6;

    /// <summary>The table; null where there is nothing to compare, or too much for one.</summary>
    public static XElement? Render(IReadOnlyList<MeshPath> paths)
    {
        string[] origins = [.. paths.Select(path => path.From).Distinct()
            .OrderBy(ReportText.Order, StringComparer.Ordinal)];
        Uri[] targets = [.. paths.Select(path => path.Uri).Distinct()];
        int rows = Math.Max(origins.Length, targets.Length);
        int columns = Math.Min(origins.Length, targets.Length);
        if (columns is < 2 or > MostColumns || rows > MostRows)
        {
            return null;
        }

        const string caption = "All paths at a glance; nothing where none was tried";
        ILookup<(string, Uri), MeshPath> tried = paths.ToLookup(path => (path.From, path.Uri));
        return origins.Length >= targets.Length
            ? Html.Table(
                caption, ["From", .. targets.Select(target => $"to {Name(target)}")],
                origins.Select(origin => (object[])
                    [origin, .. targets.Select(target => Cell(tried[(origin, target)]))]))
            : Html.Table(
                caption, ["To", .. origins.Select(origin => $"from {origin}")],
                targets.Select(target => (object[])
                    [Name(target), .. origins.Select(origin => Cell(tried[(origin, target)]))]));
    }

    private static string Name(Uri target) => (target.Scheme == Uri.UriSchemeHttp ? "" : $"{target.Scheme}://")
        + PathPicture.Target(target) + target.PathAndQuery;

    // One that broke outweighs those that worked.
    private static object Cell(IEnumerable<MeshPath> paths) => paths.MinBy(path => path.Success) switch
    {
        null => "",
        { Success: false } broken => ReportText.Marked(ReportState.Bad, $"{broken.FailedStage}"),
        { Latency: { } took } => ReportText.Marked(ReportState.Good, Format.Milliseconds(took)),
        _ => ReportText.Marked(ReportState.Good, "works"),
    };
}
