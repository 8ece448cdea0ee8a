using System.Xml.Linq;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>Results as one page of HTML that needs nothing else: no network, no script, no font.</summary>
public sealed class MeshReport
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'";
    private const string Footer =
        "Made by Export-MeshReport of HybridMesh. How verdicts are reached: Get-Help about_HybridMesh_Traffic.";

    private readonly List<object> _items = [];

    /// <summary>Takes a result; they are shown in the order in which they came.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, when it is of a kind no report shows.</exception>
    public void Add(object item)
    {
        ArgumentNullException.ThrowIfNull(item);
        bool isKnown = item is MeshPath or TrafficShiftResult or TrafficShiftStep
            || ReportTable.All.Any(table => table.Type == item.GetType());
        if (!isKnown)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"A report shows no {item.GetType().FullName}; it was left out. Pipe in what Test-MeshPath, "
                    + "Measure-TrafficShift, Invoke-TrafficShift, Get-TrafficShift, Get-MeshDrift, Get-VmSidecar, "
                    + "Get-MeshVmApp, Get-WorkloadEntry, Get-VmApp or Get-VmHostRecord gives.",
                item);
        }

        _items.Add(item);
    }

    /// <summary>The page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="now">When it is made.</param>
    public string ToHtml(string title, DateTimeOffset now)
    {
        IReadOnlyList<IReadOnlyList<TrafficShiftStep>> shifts = ShiftSection.Shifts(_items.OfType<TrafficShiftStep>());
        ReportContext context = new(now, Versions());
        XElement main = Html.Of(
            "main",
            Html.Of(
                "header", Html.Of("h1", title),
                Html.Classed("p", "soft", Invariant($"{now.UtcDateTime:yyyy-MM-dd HH:mm} UTC"))),
            ReportHeadline.Render(Facts(shifts), _items.Count == 0),
            Parts(shifts, context),
            Html.Of("footer", Footer));
        return Html.Write(Html.Of(
            "html", new XAttribute("lang", "en"),
            Html.Of(
                "head",
                Html.Of("meta", new XAttribute("charset", "utf-8")),
                Meta("viewport", "width=device-width, initial-scale=1"), Meta("color-scheme", "light dark"),
                Html.Of("meta", new XAttribute("http-equiv", "Content-Security-Policy"),
                    new XAttribute("content", Policy)),
                Html.Of("title", title), Html.Of("style", ReportStyle.Css)),
            Html.Of("body", main)));
    }

    private IEnumerable<string> Versions()
    {
        TrafficShiftStep[] steps = [.. _items.OfType<TrafficShiftStep>()];
        return
        [
            .. _items.OfType<TrafficShiftResult>()
                .Concat(steps.Select(step => step.Measurement).OfType<TrafficShiftResult>())
                .Concat(steps.Select(step => step.MeasurementWithoutHeader).OfType<TrafficShiftResult>())
                .SelectMany(result => result.Versions).Select(row => row.Version),
            .. steps.SelectMany(step => step.Weights.Concat(step.PreviousWeights)).Select(weight => weight.Version),
        ];
    }

    private List<ReportFact> Facts(IReadOnlyList<IReadOnlyList<TrafficShiftStep>> shifts)
    {
        MeshPath[] paths = [.. _items.OfType<MeshPath>()];
        return
        [
            .. RouteSplits.Facts(_items.OfType<TrafficShiftResult>()),
            .. shifts.Select(ShiftSection.Fact),
            .. paths.Length > 0 ? [PathSection.Fact(paths)] : Array.Empty<ReportFact>(),
            .. ReportTable.All.Select(table => (table, Items: Of(table))).Where(pair => pair.Items.Count > 0)
                .Select(pair => pair.table.Fact(pair.Items)).OfType<ReportFact>(),
        ];
    }

    private IEnumerable<XElement> Parts(IReadOnlyList<IReadOnlyList<TrafficShiftStep>> shifts, ReportContext context)
    {
        TrafficShiftResult[] splits = [.. _items.OfType<TrafficShiftResult>()];
        MeshPath[] paths = [.. _items.OfType<MeshPath>()];
        return
        [
            .. paths.Length > 0 ? PathSection.Render(paths, context) : [],
            .. RouteSplits.Render(splits, context),
            .. ShiftSection.Render(shifts, context),
            .. ReportTable.All.Select(table => (table, Items: Of(table))).Where(pair => pair.Items.Count > 0)
                .SelectMany(pair => pair.table.Render(pair.Items, context)),
        ];
    }

    private List<object> Of(ReportTable table) => [.. _items.Where(item => item.GetType() == table.Type)];

    private static XElement Meta(string name, string content) =>
        Html.Of("meta", new XAttribute("name", name), new XAttribute("content", content));
}
