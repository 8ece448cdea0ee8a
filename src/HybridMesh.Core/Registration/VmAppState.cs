using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What both planes hold of an app before it is planned.</summary>
internal sealed record VmAppState
{
    /// <summary>Every WorkloadEntry and ServiceEntry of the namespace.</summary>
    public required WorkloadEntryCatalog Catalog { get; init; }

    public required KubernetesKind ServiceEntryKind { get; init; }

    /// <summary>The ServiceEntry of the app's name, whoever made it.</summary>
    public required JsonObject? ServiceEntry { get; init; }

    /// <summary>The Service of the app's name, whoever made it.</summary>
    public required JsonObject? Service { get; init; }

    /// <summary>The entries that are named as the app's, by number.</summary>
    public required IReadOnlyList<NumberedEntry> Entries { get; init; }

    /// <summary>Reads both planes.</summary>
    public static async Task<VmAppState> ReadAsync(
        MeshSession session, string ns, string serviceName, CancellationToken cancellationToken)
    {
        Task<JsonObject?> service = session.DataPlane.FindAsync(
            KubernetesKind.Service, ns, serviceName, cancellationToken);
        WorkloadEntryCatalog catalog = await WorkloadEntryCatalog.ReadAsync(session, ns, cancellationToken)
            .ConfigureAwait(false);
        KubernetesKind kind = await session.ServedKindAsync(
            MeshPlane.Control, KubernetesKind.ServiceEntry, cancellationToken).ConfigureAwait(false);
        return From(catalog, kind, await service.ConfigureAwait(false), serviceName);
    }

    public static VmAppState From(
        WorkloadEntryCatalog catalog, KubernetesKind serviceEntryKind, JsonObject? service, string serviceName) => new()
        {
            Catalog = catalog,
            ServiceEntryKind = serviceEntryKind,
            ServiceEntry = catalog.ServiceEntries.FirstOrDefault(item =>
                item.Text("metadata", "name") == VmAppNames.ServiceEntry(serviceName)),
            Service = service,
            Entries = NumberedEntries(catalog, serviceName),
        };

    /// <summary>Fails unless the namespace exists on both planes.</summary>
    public static async Task CheckNamespaceAsync(MeshSession session, string ns, CancellationToken cancellationToken)
    {
        foreach (MeshPlane plane in session.IsSingleCluster
            ? [MeshPlane.Data] : new[] { MeshPlane.Control, MeshPlane.Data })
        {
            // Where namespaces may not be read, a missing one fails the first write.
            await NamespaceCheck.RequireAsync(
                session, plane, ns,
                "Make it there: Publish-MeshManifest with a manifest that holds it, or kubectl create "
                + $"namespace {ns}.",
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The app's endpoints: the numbered entries, and those of other names that the selector matches.
    /// </summary>
    public IEnumerable<JsonObject> AppEntries(IReadOnlyDictionary<string, string> selector)
    {
        HashSet<string> numbered = [.. Entries.Select(entry => entry.Name)];
        return Entries.Select(entry => entry.Item).Concat(Catalog.Entries.Where(item =>
            !numbered.Contains(item.Text("metadata", "name") ?? "")
            && WorkloadEntryCatalog.Selects(selector, item.Strings("spec", "labels"))));
    }

    private static List<NumberedEntry> NumberedEntries(WorkloadEntryCatalog catalog, string serviceName)
    {
        List<NumberedEntry> entries = [];
        foreach (JsonObject item in catalog.Entries)
        {
            if (item.Text("metadata", "name") is { } name && VmAppNames.NumberOf(name, serviceName) is { } number)
            {
                entries.Add(new NumberedEntry(number, name, item));
            }
        }

        entries.Sort((left, right) => left.Number.CompareTo(right.Number));
        return entries;
    }
}

/// <summary>A WorkloadEntry named as one of an app's.</summary>
internal sealed record NumberedEntry(int Number, string Name, JsonObject Item)
{
    public string? Network => Item.Text("spec", "network") is { Length: > 0 } network ? network : null;

    public string Address { get; } = Item.Text("spec", "address") is { } address
        ? MeshAddress.Normalize(address) ?? address : "";
}
