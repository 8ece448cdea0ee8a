using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What the mesh says of a namespace, read once however many VMs are compared with it.</summary>
internal sealed class DriftMesh
{
    private const string IstioNamespace = "istio-system";
    private const string Gateway = "istio-eastwestgateway";
    private const string RootConfigMap = "istio-ca-root-cert";
    private const string RootKey = "root-cert.pem";

    private readonly MeshSession _session;
    private readonly CancellationToken _stop;
    private readonly WorkloadEntryCatalog _catalog;
    private readonly List<Dictionary<string, string>> _serviceSelectors = [];
    private readonly ConcurrentDictionary<(string Name, string Namespace), Task<string?>> _clusterIPs = [];
    private readonly ILookup<string, WorkloadEntry> _byAddress;
    private readonly Dictionary<string, DriftEntry> _byName;

    private DriftMesh(
        MeshSession session, string ns, WorkloadEntryCatalog catalog, CancellationToken cancellationToken)
    {
        _session = session;
        _stop = cancellationToken;
        _catalog = catalog;
        Namespace = ns;
        Entries = ReadAll(catalog);
        _byAddress = Entries.Select(item => item.Entry)
            .ToLookup(entry => Canonical(entry.Address), StringComparer.Ordinal);
        _byName = Entries.ToDictionary(item => item.Entry.Name, StringComparer.Ordinal);
        string[] services =
            [.. catalog.ServiceEntries.Select(ServiceNameOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        OnlyService = services.Length == 1 ? services[0] : null;
    }

    public string Namespace { get; }

    /// <summary>The namespace's entries.</summary>
    public IReadOnlyList<DriftEntry> Entries { get; }

    /// <summary>The service with a workloadSelector, when there is one alone.</summary>
    public string? OnlyService { get; }

    /// <summary>The names of the WorkloadGroups; null when they can't be read or nobody needs them.</summary>
    public IReadOnlySet<string>? Groups { get; private set; }

    /// <summary>The mesh's root certificates as PEM; null when they can't be read.</summary>
    public string? RootCertificates { get; private set; }

    /// <summary>The addresses istiod is reached at; empty when they can't be read or are host names.</summary>
    public IReadOnlyList<string> GatewayAddresses { get; private set; } = [];

    /// <summary>The apiVersion WorkloadEntries are served in.</summary>
    public string EntryApiVersion => _catalog.EntryKind.ApiVersion;

    /// <summary>Reads a namespace. What a role may not read is not compared.</summary>
    public static async Task<DriftMesh> ReadAsync(
        MeshSession session, string ns, Action<string> verbose, CancellationToken cancellationToken)
    {
        DriftMesh mesh = new(
            session, ns, await WorkloadEntryCatalog.ReadAsync(session, ns, cancellationToken).ConfigureAwait(false),
            cancellationToken);
        await TryAsync("Services", async () =>
        {
            await foreach (JsonObject service in session.DataPlane
                .ListAsync(KubernetesKind.Service, ns, null, cancellationToken).ConfigureAwait(false))
            {
                mesh._clusterIPs[(service.Text("metadata", "name") ?? "", ns)] = Task.FromResult(ClusterIP(service));
                mesh._serviceSelectors.Add(service.Strings("spec", "selector"));
            }
        }).ConfigureAwait(false);
        await TryAsync("the mesh's root certificate", async () => mesh.RootCertificates =
            await mesh.RootAsync(MeshPlane.Data, cancellationToken).ConfigureAwait(false)
            ?? await mesh.RootAsync(MeshPlane.Control, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        await TryAsync("the east-west gateway", async () => mesh.GatewayAddresses = AddressesOf(
            await session.DataPlane.FindAsync(KubernetesKind.Service, IstioNamespace, Gateway, cancellationToken)
                .ConfigureAwait(false))).ConfigureAwait(false);
        if (mesh.Entries.Any(entry => entry.Group is not null))
        {
            await TryAsync("WorkloadGroups", () => mesh.ReadGroupsAsync(cancellationToken)).ConfigureAwait(false);
        }

        return mesh;

        async Task TryAsync(string what, Func<Task> read)
        {
            try
            {
                await read().ConfigureAwait(false);
            }
            catch (MeshException e)
            {
                verbose($"Not compared with {what} of namespace {ns}: {e.Message}");
            }
        }
    }

    /// <summary>The entries that claim an address; in a network, when that is known and one of them is of it.</summary>
    public IReadOnlyList<WorkloadEntry> Claiming(string address, string? network)
    {
        WorkloadEntry[] all = [.. _byAddress[Canonical(address)]];
        WorkloadEntry[] inNetwork = network is null ? [] : [.. all.Where(entry => (entry.Network ?? "") == network)];
        return inNetwork.Length > 0 ? inNetwork : all;
    }

    /// <summary>What else is known of an entry.</summary>
    public DriftEntry? Find(WorkloadEntry entry) => _byName.GetValueOrDefault(entry.Name);

    /// <summary>The ServiceEntry of a service.</summary>
    public JsonObject? ServiceEntryOf(string serviceName) => _catalog.ServiceEntries.FirstOrDefault(item =>
        WorkloadEntryCatalog.Hosts(item).Any(host => host.Split('.')[0] == serviceName)
        && item.Strings("spec", "workloadSelector", "labels").Count > 0);

    /// <summary>The ServiceEntries that select labels.</summary>
    public IEnumerable<JsonObject> Selecting(IReadOnlyDictionary<string, string> labels) =>
        _catalog.ServiceEntries.Where(
        item => WorkloadEntryCatalog.Selects(item.Strings("spec", "workloadSelector", "labels"), labels));

    /// <summary>
    /// Whether a Service's selector finds labels; as in Istio it finds WorkloadEntries as well as pods.
    /// </summary>
    public bool IsSelectedByService(IReadOnlyDictionary<string, string> labels) =>
        _serviceSelectors.Any(selector => WorkloadEntryCatalog.Selects(selector, labels));

    /// <summary>
    /// The ClusterIP of a Service, the empty text for one without; null when there is no such Service.
    /// </summary>
    // The answer is for all VMs, so that the time-out of the VM that asked first must not end it.
    public Task<string?> ClusterIPAsync(string name, string ns, CancellationToken cancellationToken) =>
        _clusterIPs.GetOrAdd((name, ns), async key => ClusterIP(await _session.DataPlane
            .FindAsync(KubernetesKind.Service, key.Namespace, key.Name, _stop).ConfigureAwait(false)))
            .WaitAsync(cancellationToken);

    private static string? ClusterIP(JsonObject? service) => service is null ? null
        : service.Text("spec", "clusterIP") is { } address && IPAddress.TryParse(address, out _) ? address : "";

    // Entries of one app have the same labels but the version, so that each set is matched once.
    private static List<DriftEntry> ReadAll(WorkloadEntryCatalog catalog)
    {
        Dictionary<string, string?> services = new(StringComparer.Ordinal);
        List<DriftEntry> entries = new(catalog.Entries.Count);
        foreach (JsonObject item in catalog.Entries)
        {
            string labels = item.At("spec", "labels")?.ToJsonString() ?? "";
            if (!services.TryGetValue(labels, out string? names))
            {
                IReadOnlyList<string> found = catalog.ServiceNamesOf(item);
                services[labels] = names = found.Count == 0 ? null : string.Join(',', found);
            }

            entries.Add(DriftEntry.Read(item, names));
        }

        return entries;
    }

    private static string? ServiceNameOf(JsonObject serviceEntry) =>
        serviceEntry.Strings("spec", "workloadSelector", "labels").Count == 0
            ? null : WorkloadEntryCatalog.Hosts(serviceEntry).FirstOrDefault()?.Split('.')[0];

    private static IReadOnlyList<string> AddressesOf(JsonObject? service) =>
        [.. (service.At("status", "loadBalancer", "ingress") as JsonArray ?? []).Select(item => item.Text("ip"))
            .Concat((service.At("spec", "externalIPs") as JsonArray ?? []).Select(item => item.Text()))
            .Select(MeshAddress.Normalize).OfType<string>()];

    internal static string Canonical(string? address) => MeshAddress.Normalize(address) ?? address ?? "";

    private async Task<string?> RootAsync(MeshPlane plane, CancellationToken cancellationToken) =>
        (await _session[plane].FindAsync(KubernetesKind.ConfigMap, Namespace, RootConfigMap, cancellationToken)
            .ConfigureAwait(false)).Text("data", RootKey);

    private async Task ReadGroupsAsync(CancellationToken cancellationToken)
    {
        KubernetesKind kind = await _session.ServedKindAsync(
            MeshPlane.Control, KubernetesKind.WorkloadGroup, cancellationToken).ConfigureAwait(false);
        HashSet<string> groups = new(StringComparer.Ordinal);
        await foreach (JsonObject group in _session.ControlPlane.ListAsync(kind, Namespace, null, cancellationToken)
            .ConfigureAwait(false))
        {
            groups.Add(group.Text("metadata", "name") ?? "");
        }

        Groups = groups;
    }
}
