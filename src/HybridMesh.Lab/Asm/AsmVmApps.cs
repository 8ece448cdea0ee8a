using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// What the operations on VM-hosted apps do to both planes: one ServiceEntry and numbered WorkloadEntries in the
/// control plane, one Service without a selector in the data plane.
/// </summary>
internal sealed class AsmVmApps(ObjectStore dataPlane, ObjectStore controlPlane, Func<int, IPAddress>? serviceAddress)
{
    private const int MostAddresses = 10_000;

    /// <summary>Makes the objects in the service's order; a failed one ends the call or, forced, is skipped.</summary>
    public string Add(AsmVmApp app, bool force)
    {
        if (controlPlane.Find("Namespace", null, app.Namespace) is null)
        {
            throw AsmException.NotFound($"namespaces \"{app.Namespace}\" not found");
        }

        List<string> made = [];
        Create(controlPlane, app.ServiceEntry, "service entry", force, made);
        for (int index = 0; index < app.Addresses.Count; index++)
        {
            int number = index;
            Create(controlPlane, () => app.WorkloadEntry(number), "workload entry", force, made);
        }

        if (dataPlane.Find("Namespace", null, app.Namespace) is null && !force)
        {
            throw AsmException.NotFound($"namespaces \"{app.Namespace}\" not found");
        }

        if (dataPlane.Find("Namespace", null, app.Namespace) is not null)
        {
            Create(dataPlane, () => app.Service(FreeAddress()), "service", force, made);
        }

        return $"created {made.Count}: {string.Join(", ", made)}";
    }

    public string Remove(string ns, string service)
    {
        string entry = AsmVmApp.EntryName(service);
        if (!controlPlane.Delete("ServiceEntry", ns, entry))
        {
            throw AsmException.NotFound($"service entry \"{entry}\" does not exist, skip");
        }

        foreach (JsonObject workload in controlPlane.List("WorkloadEntry", ns)
            .Where(item => IsNumbered(item.Name(), entry)))
        {
            controlPlane.Delete("WorkloadEntry", ns, workload.Name());
        }

        // A Service that selects pods was there before and is not the operation's.
        dataPlane.Update("Service", ns, service, found =>
            found?.At("spec", "selector") is JsonObject { Count: > 0 } ? found : null);
        return $"removed {entry}";
    }

    public JsonArray Describe() =>
    [
        .. controlPlane.List("ServiceEntry")
            .Where(entry => entry.Name().StartsWith("mesh-expansion-", StringComparison.Ordinal))
            .Select(entry => new JsonObject
            {
                ["Namespace"] = entry.Namespace(),
                ["ServiceName"] = entry.Name()["mesh-expansion-".Length..],
                ["Ips"] = new JsonArray([.. controlPlane.List("WorkloadEntry", entry.Namespace())
                    .Where(item => IsNumbered(item.Name(), entry.Name()))
                    .Select(item => JsonValue.Create(item.Text("spec", "address")))]),
                ["Ports"] = entry.At("spec", "ports")?.DeepClone(),
            }),
    ];

    private static void Create(
        ObjectStore store, Func<JsonObject> make, string what, bool force, List<string> made)
    {
        JsonObject template = make();
        bool existed = false;
        store.Update(template.Text("kind")!, template.Namespace(), template.Name(), found =>
        {
            existed = found is not null;

            // Made anew under the store's lock, so that two Services never get one address.
            return found ?? make();
        });
        if (!existed)
        {
            made.Add($"{what} {template.Name()}");
        }
        else if (!force)
        {
            throw AsmException.Exists($"{what} \"{template.Name()}\"");
        }
    }

    private IPAddress? FreeAddress()
    {
        if (serviceAddress is null)
        {
            return null;
        }

        HashSet<string?> taken = [.. dataPlane.List("Service").Select(item => item.Text("spec", "clusterIP"))];
        return Enumerable.Range(0, MostAddresses).Select(serviceAddress)
            .FirstOrDefault(address => !taken.Contains(address.ToString()))
            ?? throw new AsmException(500, "InternalError", "No ClusterIP is left.");
    }

    private static bool IsNumbered(string name, string entry) =>
        name.StartsWith(entry + "-", StringComparison.Ordinal)
        && name[(entry.Length + 1)..] is { Length: > 0 } number && number.All(char.IsAsciiDigit);
}
