using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Reads the registered apps of a namespace.</summary>
public static class VmAppReader
{
    /// <summary>
    /// The apps whose name passes: every ServiceEntry named as New-MeshVmApp and AddVmAppToMesh name them, with its
    /// entries.
    /// </summary>
    public static async IAsyncEnumerable<MeshVmApp> ListAsync(
        MeshSession session, string ns, Func<string, bool> isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(isWanted);
        WorkloadEntryCatalog catalog = await WorkloadEntryCatalog.ReadAsync(session, ns, cancellationToken)
            .ConfigureAwait(false);
        foreach (JsonObject item in catalog.ServiceEntries.OrderBy(
            item => item.Text("metadata", "name"), StringComparer.Ordinal))
        {
            if (VmAppNames.ServiceNameOf(item.Text("metadata", "name") ?? "") is { } name && isWanted(name))
            {
                VmAppState state = VmAppState.From(catalog, KubernetesKind.ServiceEntry, service: null, name);
                yield return Read(session, ns, name, item, state);
            }
        }
    }

    /// <summary>The error that no app of a name is registered.</summary>
    public static MeshException NotFound(string ns, string serviceName) => new(
        MeshErrorCode.ObjectNotFound,
        $"No VM app '{serviceName}' is registered in namespace {ns}; New-MeshVmApp registers one.",
        serviceName);

    internal static MeshVmApp Read(
        MeshSession session, string ns, string serviceName, JsonObject? serviceEntry, VmAppState state)
    {
        Dictionary<string, string> selector = serviceEntry.Strings("spec", "workloadSelector", "labels");
        List<WorkloadEntry> entries = [.. state.AppEntries(selector).Select(state.Catalog.Read)];
        return new MeshVmApp
        {
            Namespace = ns,
            ServiceName = serviceName,
            Host = serviceEntry is null
                ? VmAppNames.Host(serviceName, ns)
                : WorkloadEntryCatalog.Hosts(serviceEntry).FirstOrDefault() ?? VmAppNames.Host(serviceName, ns),
            Ports = [.. (serviceEntry.At("spec", "ports") as JsonArray ?? []).Select(ReadPort).OfType<MeshPort>()],
            Labels = selector,
            ServiceAccount = entries.Select(entry => entry.ServiceAccount)
                .FirstOrDefault(account => account is not null),
            Provider = serviceEntry is null ? null
                : OwnerMark.IsOurs(serviceEntry) ? MeshProvider.Istio
                : session.Connection.MeshId is null ? null : MeshProvider.Asm,
            WorkloadEntries = entries,
        };
    }

    private static MeshPort? ReadPort(JsonNode? port) =>
        port.Number("number") is { } number
            ? new MeshPort((port.Text("protocol") ?? "tcp").ToLowerInvariant(), number) : null;
}
