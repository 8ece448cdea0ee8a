using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>The WorkloadEntries of a namespace and the ServiceEntries that select them, listed once.</summary>
internal sealed class WorkloadEntryCatalog
{
    private readonly List<(string ServiceName, Dictionary<string, string> Selector)> _services;
    private ILookup<string, JsonObject>? _byAddress;

    public WorkloadEntryCatalog(
        IReadOnlyList<JsonObject> entries, IReadOnlyList<JsonObject> serviceEntries, KubernetesKind entryKind)
    {
        Entries = entries;
        ServiceEntries = serviceEntries;
        EntryKind = entryKind;
        _services = [.. serviceEntries
            .Select(item => (Hosts(item), Selector: item.Strings("spec", "workloadSelector", "labels")))
            .Where(item => item.Selector.Count > 0)
            .SelectMany(item => item.Item1.Select(host => (host.Split('.')[0], item.Selector)))];
    }

    public IReadOnlyList<JsonObject> Entries { get; }

    public IReadOnlyList<JsonObject> ServiceEntries { get; }

    public KubernetesKind EntryKind { get; }

    /// <summary>Reads a namespace of the control plane.</summary>
    public static async Task<WorkloadEntryCatalog> ReadAsync(
        MeshSession session, string ns, CancellationToken cancellationToken)
    {
        KubernetesKind entryKind = await session.ServedKindAsync(
            MeshPlane.Control, KubernetesKind.WorkloadEntry, cancellationToken).ConfigureAwait(false);
        KubernetesKind serviceKind = await session.ServedKindAsync(
            MeshPlane.Control, KubernetesKind.ServiceEntry, cancellationToken).ConfigureAwait(false);
        return new WorkloadEntryCatalog(
            await ListAsync(session, entryKind, ns, cancellationToken).ConfigureAwait(false),
            await ListAsync(session, serviceKind, ns, cancellationToken).ConfigureAwait(false),
            entryKind);
    }

    /// <summary>The hosts of a ServiceEntry.</summary>
    public static IEnumerable<string> Hosts(JsonObject serviceEntry) =>
        (serviceEntry.At("spec", "hosts") as JsonArray ?? []).Select(host => host.Text()).OfType<string>();

    /// <summary>The entries with an address, however it is spelled.</summary>
    public IEnumerable<JsonObject> WithAddress(string address)
    {
        _byAddress ??= Entries.ToLookup(item => Canonical(item.Text("spec", "address") ?? ""));
        return _byAddress[Canonical(address)];
    }

    /// <summary>The services whose ServiceEntry selects an entry.</summary>
    public IReadOnlyList<string> ServiceNamesOf(JsonObject entry)
    {
        Dictionary<string, string> labels = entry.Strings("spec", "labels");
        return [.. _services.Where(service => Selects(service.Selector, labels))
            .Select(service => service.ServiceName).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whether every label of the selector is there.</summary>
    public static bool Selects(
        IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels) =>
        selector.Count > 0
            && selector.All(pair => labels.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    /// <summary>An entry as users see it.</summary>
    public WorkloadEntry Read(JsonObject entry)
    {
        Dictionary<string, string> labels = entry.Strings("spec", "labels");
        IReadOnlyList<string> services = ServiceNamesOf(entry);
        return new WorkloadEntry
        {
            Namespace = entry.Text("metadata", "namespace") ?? "",
            Name = entry.Text("metadata", "name") ?? "",
            ServiceName = services.Count == 0 ? null : string.Join(',', services),
            Address = entry.Text("spec", "address"),
            Version = labels.GetValueOrDefault("version"),
            Labels = labels,
            Weight = entry.Number("spec", "weight"),
            Locality = entry.Text("spec", "locality"),
            Network = entry.Text("spec", "network"),
            ServiceAccount = entry.Text("spec", "serviceAccount"),
            Health = (entry.At("status", "conditions") as JsonArray ?? [])
                .FirstOrDefault(item => item.Text("type") == "Healthy").Text("status"),
        };
    }

    private static string Canonical(string address) => MeshAddress.Normalize(address) ?? address;

    private static async Task<List<JsonObject>> ListAsync(
        MeshSession session, KubernetesKind kind, string ns, CancellationToken cancellationToken)
    {
        List<JsonObject> items = [];
        await foreach (JsonObject item in session.ControlPlane.ListAsync(kind, ns, null, cancellationToken)
            .ConfigureAwait(false))
        {
            // Servers leave these out of list items.
            item["apiVersion"] ??= kind.ApiVersion;
            item["kind"] ??= kind.Kind;
            items.Add(item);
        }

        return items;
    }
}
