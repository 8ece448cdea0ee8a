using System.Xml.Linq;
using HybridMesh.Internal;
using static System.FormattableString;

namespace HybridMesh.Core;

/// <summary>A kind of result that is listed as a table.</summary>
/// <param name="Heading">The part's heading.</param>
/// <param name="Type">The results' type.</param>
/// <param name="Heads">The columns' heads.</param>
/// <param name="Cells">A result's cells.</param>
/// <param name="Fact">What the results say for the headline; null when they judge nothing.</param>
internal sealed record ReportTable(
    string Heading, Type Type, IReadOnlyList<string> Heads, Func<object, DateTimeOffset, IReadOnlyList<string>> Cells,
    Func<IReadOnlyList<object>, ReportFact?> Fact)
{
    /// <summary>The kinds, in the order of the page.</summary>
    public static readonly IReadOnlyList<ReportTable> All =
    [
        Of<MeshDrift>(
            "Disagreements between mesh and VMs", ["Severity", "VM", "Service", "What disagrees", "Mend it by"],
            (item, _) =>
            [
                $"{item.Severity}", item.VmName ?? item.Address ?? "", item.ServiceName ?? "", item.Message,
                item.Command ?? "",
            ],
            Drift),
        Of<VmSidecar>(
            "Sidecars", ["VM", "Address", "State", "Versions", "Agrees", "Token ends", "Problems"],
            (item, now) =>
            [
                item.VmName, item.Address, $"{item.State}", Format.Versions(item), Format.Agreement(item, color: false),
                Format.Expiry(item.TokenExpires, now, color: false), string.Join(" ", item.Problems),
            ],
            Sidecars),
        Of<TrafficShift>(
            "Weights in force", ["VirtualService", "Route", "Takes", "Weights", "#Endpoints", "Was"],
            (item, _) =>
            [
                $"{item.Namespace}/{item.VirtualService}", item.Route, item.Match, Format.Weights(item.Weights),
                Format.Endpoints(item.Weights), item.PreviousWeights is { } before ? Format.Weights(before) : "",
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
            (item, _) => [item.VmName, item.Name, item.Image ?? "", item.State]),
        Of<VmHostRecord>(
            "Host records of VMs", ["VM", "Host name", "Address", "Resolves to", "Owner"],
            (item, _) =>
            [
                item.VmName, item.HostName, item.IPAddress ?? "", Format.List(item.Resolves),
                Format.RecordOwner(item.Owner, item.Shadows),
            ]),
    ];

    /// <summary>The results as a table under their heading.</summary>
    public IEnumerable<XElement> Render(IReadOnlyList<object> items, ReportContext context)
    {
        yield return Html.Of("h2", Heading);
        yield return Html.Table(
            Invariant($"{items.Count:N0} in all"), Heads, items.Select(item => Cells(item, context.Now)));
    }

    private static ReportTable Of<T>(
        string heading, string[] heads, Func<T, DateTimeOffset, string[]> cells,
        Func<IReadOnlyList<T>, ReportFact>? fact = null) => new(
            heading, typeof(T), heads, (item, now) => cells((T)item, now),
            items => fact?.Invoke([.. items.Cast<T>()]));

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
        int unwell = items.Count(item =>
            item.State != SidecarState.Ready || item.Agrees == false || item.Problems.Count > 0);
        return unwell > 0
            ? new ReportFact(
                ReportState.Bad,
                Invariant($"{unwell} of {items.Count} sidecars {(unwell == 1 ? "has" : "have")} a problem"))
            : new ReportFact(
                ReportState.Good,
                items.Count == 1 ? "The sidecar is ready" : Invariant($"All {items.Count} sidecars are ready"));
    }
}
