using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A registered app whose last VMs go, and with them the objects that made it an app.</summary>
internal sealed record EmptiedApp(string ServiceName, VmAppState State, IReadOnlyList<EmptiedObject> Objects)
{
    /// <summary>The names of its WorkloadEntries.</summary>
    public required IReadOnlySet<string> EntryNames { get; init; }

    /// <summary>The apps all of whose WorkloadEntries are those of the VMs.</summary>
    public static async Task<IReadOnlyList<EmptiedApp>> FindAsync(
        MeshSession session, string ns, WorkloadEntryCatalog catalog, IEnumerable<VmRemoval> vms,
        CancellationToken cancellationToken)
    {
        HashSet<string> gone = vms.SelectMany(vm => vm.EntryNames).ToHashSet(StringComparer.Ordinal);
        JsonObject[] entries = [.. catalog.Entries.Where(item => gone.Contains(item.Text("metadata", "name") ?? ""))];
        SortedSet<string> names = new(StringComparer.Ordinal);
        names.UnionWith(entries.SelectMany(entry => Candidates(catalog, entry)));
        KubernetesKind kind = await session.ServedKindAsync(
            MeshPlane.Control, KubernetesKind.ServiceEntry, cancellationToken).ConfigureAwait(false);
        List<EmptiedApp> apps = [];
        foreach (string name in names)
        {
            JsonObject? service = await session.DataPlane.FindAsync(
                KubernetesKind.Service, ns, name, cancellationToken).ConfigureAwait(false);
            VmAppState state = VmAppState.From(catalog, kind, service, name);
            HashSet<string> own = state
                .AppEntries(state.ServiceEntry.Strings("spec", "workloadSelector", "labels"))
                .Select(item => item.Text("metadata", "name") ?? "").ToHashSet(StringComparer.Ordinal);
            if (own.Count > 0 && own.IsSubsetOf(gone) && (service ?? state.ServiceEntry) is not null)
            {
                apps.Add(new EmptiedApp(name, state, [.. ObjectsOf(name, state)]) { EntryNames = own });
            }
        }

        return apps;
    }

    // The way back of registering: the name first, then what selects the entries.
    private static IEnumerable<EmptiedObject> ObjectsOf(string name, VmAppState state)
    {
        if (state.Service is not null)
        {
            yield return new EmptiedObject(KubernetesKind.Service, MeshPlane.Data, name, state.Service);
        }

        if (state.ServiceEntry is not null)
        {
            yield return new EmptiedObject(
                state.ServiceEntryKind, MeshPlane.Control, VmAppNames.ServiceEntry(name), state.ServiceEntry);
        }
    }

    private static IEnumerable<string> Candidates(WorkloadEntryCatalog catalog, JsonObject entry)
    {
        // A drained entry is not selected any more, but its name still tells.
        string name = entry.Text("metadata", "name") ?? "";
        int dash = name.LastIndexOf('-');
        if (dash > 0 && VmAppNames.ServiceNameOf(name[..dash]) is { } numbered
            && VmAppNames.NumberOf(name, numbered) is not null)
        {
            yield return numbered;
        }

        Dictionary<string, string> labels = entry.Strings("spec", "labels");
        foreach (JsonObject item in catalog.ServiceEntries)
        {
            if (WorkloadEntryCatalog.Selects(item.Strings("spec", "workloadSelector", "labels"), labels)
                && VmAppNames.ServiceNameOf(item.Text("metadata", "name") ?? "") is { } selecting)
            {
                yield return selecting;
            }
        }
    }
}

/// <summary>An object of an app without VMs.</summary>
internal sealed record EmptiedObject(KubernetesKind Kind, MeshPlane Plane, string Name, JsonObject Item)
{
    public bool IsOurs => OwnerMark.IsOurs(Item);

    public override string ToString() => $"{Kind.Kind} {Name}";
}
