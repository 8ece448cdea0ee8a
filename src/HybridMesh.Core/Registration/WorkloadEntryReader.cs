using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Which WorkloadEntries are asked for; a null test lets everything pass.</summary>
/// <param name="ServiceName">Tests the name of a service that selects the entry.</param>
/// <param name="Address">Tests the address.</param>
/// <param name="Version">Tests the version; an entry without one is tested as the empty text.</param>
public sealed record WorkloadEntryFilter(
    Func<string, bool>? ServiceName, Func<string, bool>? Address, Func<string, bool>? Version)
{
    internal bool Passes(WorkloadEntry entry, IReadOnlyList<string> serviceNames) =>
        (ServiceName is null || serviceNames.Any(ServiceName))
        && (Address is null || Address(entry.Address ?? ""))
        && (Version is null || Version(entry.Version ?? ""));
}

/// <summary>Reads WorkloadEntries.</summary>
public static class WorkloadEntryReader
{
    /// <summary>The entries of a namespace, listed once, that pass one of the filters.</summary>
    public static async IAsyncEnumerable<WorkloadEntry> ListAsync(
        MeshSession session, string ns, IReadOnlyCollection<WorkloadEntryFilter> filters,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        WorkloadEntryCatalog catalog = await WorkloadEntryCatalog.ReadAsync(session, ns, cancellationToken)
            .ConfigureAwait(false);
        foreach (JsonObject item in catalog.Entries)
        {
            WorkloadEntry entry = catalog.Read(item);
            IReadOnlyList<string> serviceNames = catalog.ServiceNamesOf(item);
            if (filters.Any(filter => filter.Passes(entry, serviceNames)))
            {
                yield return entry;
            }
        }
    }
}
