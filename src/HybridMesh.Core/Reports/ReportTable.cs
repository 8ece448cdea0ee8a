using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>A kind of result that is listed as a table.</summary>
/// <param name="Heading">The part's heading.</param>
/// <param name="Type">The results' type.</param>
/// <param name="Heads">The columns' heads.</param>
/// <param name="Order">What a result is ordered by; those that have the same keep their order.</param>
/// <param name="Cells">A result's cells.</param>
/// <param name="More">What follows the table about a result; null for nothing.</param>
/// <param name="Fact">What the results say for the headline; null when they judge nothing.</param>
internal sealed record ReportTable(
    string Heading, Type Type, IReadOnlyList<string> Heads, Func<object, string> Order,
    Func<object, DateTimeOffset, IReadOnlyList<object>> Cells, Func<object, XElement?> More,
    Func<IReadOnlyList<object>, ReportFact?> Fact)
{
    /// <summary>The kinds, in the order of the page.</summary>
    public static readonly IReadOnlyList<ReportTable> All =
    [
        Of<MeshDrift>(
            "Disagreements between mesh and VMs",
            ["Severity", "VM", "Service", "*What disagrees, and the command that mends it"],
            (item, _) =>
            [
                ReportText.Marked(StateOf(item.Severity), $"{item.Severity}"), item.VmName ?? item.Address ?? "",
                item.ServiceName ?? "", ReportText.WithCommand(item.Message, item.Command),
            ],
            item => $"{9 - (int)StateOf(item.Severity)}{item.VmName ?? item.Address}", fact: Drift),
        Of<VmSidecar>(
            "Sidecars",
            ["VM", "Address", "State", "Versions", "Versions agree", "Token ends", "Certificate ends", "#Problems"],
            (item, now) =>
            [
                item.VmName, item.Address,
                ReportText.Marked(
                    item.State == SidecarState.Ready ? ReportState.Good : ReportState.Bad,
                    item.State == SidecarState.NotReady ? "not ready" : $"{item.State}".ToLowerInvariant()),
                Format.Versions(item),
                item.Agrees == false ? ReportText.Marked(ReportState.Bad, "no") : Format.Agreement(item, color: false),
                End(item.TokenExpires, now), End(item.CertificateExpires, now), Invariant($"{item.Problems.Count}"),
            ],
            item => $"{(IsWell(item) ? 1 : 0)}{item.VmName}", Problems, Sidecars),
        Of<TrafficShift>(
            "Weights in force", ["VirtualService", "Route", "Takes", "Weights", "#Endpoints", "Was"],
            (item, _) =>
            [
                $"{item.Namespace}/{item.VirtualService}", item.Route, item.Match, ReportText.Weights(item.Weights),
                Format.Endpoints(item.Weights), item.PreviousWeights is { } before ? ReportText.Weights(before) : "",
            ]),
        Of<MeshVmApp>(
            "Apps on VMs", ["Service", "Host", "Ports", "Provider", "WorkloadEntries"],
            (item, _) =>
            [
                $"{item.Namespace}/{item.ServiceName}", item.Host, string.Join(", ", item.Ports), $"{item.Provider}",
                string.Join(", ", item.WorkloadEntries.Select(entry => $"{entry.Address} {entry.Version}".TrimEnd())),
            ]),
        Of<WorkloadEntry>(
            "WorkloadEntries", ["Name", "Service", "Address", "Version", "Labels"],
            (item, _) =>
            [
                item.Name, item.ServiceName ?? "", item.Address ?? "", item.Version ?? "", Format.Labels(item.Labels),
            ]),
        Of<VmApp>(
            "Containers on VMs", ["VM", "Name", "Image", "State"],
            (item, _) => [item.VmName, item.Name, item.Image ?? "", item.State],
            item => item.VmName),
        Of<VmHostRecord>(
            "Host records of VMs", ["VM", "Host name", "Address", "Resolves to", "Owner"],
            (item, _) =>
            [
                item.VmName, item.HostName, item.IPAddress ?? "", Format.List(item.Resolves),
                Format.RecordOwner(item.Owner, item.Shadows),
            ],
            item => item.VmName),
    ];

    /// <summary>The results as a table under their heading.</summary>
    public IEnumerable<XElement> Render(IReadOnlyList<object> items, ReportContext context)
    {
        object[] ordered = [.. items.OrderBy(Order, StringComparer.Ordinal)];
        yield return Html.Of("h2", Heading);
        yield return Html.Table(
            Invariant($"{items.Count:N0} in all"), Heads, ordered.Select(item => Cells(item, context.Now)));
        foreach (XElement more in ordered.Select(More).OfType<XElement>())
        {
            yield return more;
        }
    }

    private static ReportTable Of<T>(
        string heading, string[] heads, Func<T, DateTimeOffset, object[]> cells, Func<T, string>? order = null,
        Func<T, XElement?>? more = null, Func<IReadOnlyList<T>, ReportFact>? fact = null) => new(
            heading, typeof(T), heads, item => ReportText.Order(order?.Invoke((T)item)),
            (item, now) => cells((T)item, now), item => more?.Invoke((T)item),
            items => fact?.Invoke([.. items.Cast<T>()]));

    private static ReportState StateOf(DriftSeverity severity) => severity switch
    {
        DriftSeverity.Error => ReportState.Bad,
        DriftSeverity.Warning => ReportState.Open,
        _ => ReportState.Plain,
    };

    private static object End(DateTimeOffset? end, DateTimeOffset now) => end <= now
        ? ReportText.Marked(ReportState.Bad, Format.Expiry(end, now, color: false))
        : Format.Expiry(end, now, color: false);

    private static XElement? Problems(VmSidecar item) => item.Problems.Count == 0 ? null : Html.Classed(
        "section", "cause",
        Html.Of("p", Html.Of("strong", $"What is wrong on {item.VmName}")),
        Html.Of("ul", item.Problems.Select(problem =>
        {
            int at = problem.IndexOf(MeshDrift.Remedy, StringComparison.Ordinal);
            return Html.Of("li", at < 0
                ? [ReportText.Readable(problem)]
                : ReportText.WithCommand($"{problem[..at]}.", problem[(at + MeshDrift.Remedy.Length)..]));
        })));

    private static bool IsWell(VmSidecar item) =>
        item.State == SidecarState.Ready && item.Agrees != false && item.Problems.Count == 0;

    private static ReportFact Drift(IReadOnlyList<MeshDrift> items)
    {
        int errors = items.Count(item => item.Severity == DriftSeverity.Error);
        int warnings = items.Count(item => item.Severity == DriftSeverity.Warning);
        return errors > 0
                ? new ReportFact(
                    ReportState.Bad, $"{Disagreements(errors, "makes", "make")} traffic fail or go astray")
            : warnings > 0 ? new ReportFact(ReportState.Open, $"{Disagreements(warnings, "needs", "need")} attention")
            : new ReportFact(ReportState.Good, $"{Disagreements(items.Count, "does", "do")} no harm now");
    }

    private static string Disagreements(int count, string one, string many) =>
        Invariant($"{count} disagreement{(count == 1 ? "" : "s")} between mesh and VMs {(count == 1 ? one : many)}");

    private static ReportFact Sidecars(IReadOnlyList<VmSidecar> items)
    {
        int unwell = items.Count(item => !IsWell(item));
        return unwell > 0
            ? new ReportFact(
                ReportState.Bad,
                Invariant($"{unwell} of {items.Count} sidecars {(unwell == 1 ? "has" : "have")} a problem"))
            : new ReportFact(
                ReportState.Good,
                items.Count == 1 ? "The sidecar is ready" : Invariant($"All {items.Count} sidecars are ready"));
    }
}
