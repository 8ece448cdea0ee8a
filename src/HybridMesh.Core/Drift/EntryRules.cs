using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What WorkloadEntries say against each other and against what selects them; no VM is asked.</summary>
internal sealed class EntryRules(DriftMesh mesh, string? serviceName, IReadOnlyList<MeshVm> vms, DateTimeOffset now)
{
    // istiod itself removes an entry within minutes; one that is still there is left over.
    private static readonly TimeSpan LongGone = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, MeshVm> _vms = vms
        .GroupBy(vm => DriftMesh.Canonical(vm.Address), StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    // Entries of one app have the same labels, so that each set is looked up once.
    private readonly Dictionary<string, bool> _selected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _ports = new(StringComparer.Ordinal);

    public IEnumerable<MeshDrift> Find()
    {
        foreach (DriftEntry entry in mesh.Entries.Where(entry => IsAskedFor(entry.Entry)))
        {
            MeshVm? vm = _vms.GetValueOrDefault(DriftMesh.Canonical(entry.Entry.Address));
            foreach (MeshDrift? drift in new[]
            {
                vm is null && _vms.Count > 0 ? WithoutVm(entry) : null,
                Gone(entry, vm),
                NotSelected(entry, vm),
                UnknownPort(entry, vm),
            })
            {
                if (drift is not null)
                {
                    yield return drift;
                }
            }
        }

        foreach (MeshDrift drift in Duplicates())
        {
            yield return drift;
        }
    }

    private bool IsAskedFor(WorkloadEntry entry) =>
        serviceName is null || entry.ServiceName?.Split(',').Contains(serviceName, StringComparer.Ordinal) == true;

    private MeshDrift WithoutVm(DriftEntry item) => About(
        item, null, DriftKind.EntryWithoutVm, DriftSeverity.Warning,
        $"WorkloadEntry {Named(item)} sends traffic to {item.Entry.Address}, which is the address of no VM of "
        + "the list.") with
    {
        Actual = item.Entry.Address,
        Command = DriftCommands.Delete(item.Entry, mesh.EntryApiVersion),
    };

    private MeshDrift? Gone(DriftEntry item, MeshVm? vm)
    {
        if (item.Group is { } group && mesh.Groups is { } groups && !groups.Contains(group))
        {
            return About(
                item, vm, DriftKind.GroupMissing, DriftSeverity.Warning,
                $"WorkloadEntry {Named(item)} was made for WorkloadGroup {group}, which is no more, so that "
                + "nobody will "
                + "remove it.") with
            {
                Expected = group,
                Command = DriftCommands.Delete(item.Entry, mesh.EntryApiVersion),
            };
        }

        return item.DisconnectedAt is { } gone && now - gone > LongGone
            ? About(
                item, vm, DriftKind.EntryDisconnected, DriftSeverity.Warning,
                $"WorkloadEntry {Named(item)} is still there though its sidecar disconnected "
                + $"{RelativeTime.Of(gone, now)}.") with
            {
                Actual = $"{gone:u}",
                Command = DriftCommands.Delete(item.Entry, mesh.EntryApiVersion),
            }
            : null;
    }

    private MeshDrift? NotSelected(DriftEntry item, MeshVm? vm)
    {
        if (item.Entry.ServiceName is not null)
        {
            return null;
        }

        string labels = PowerShellText.Table(item.Entry.Labels);
        if (!_selected.TryGetValue(labels, out bool selected))
        {
            _selected[labels] = selected = mesh.IsSelectedByService(item.Entry.Labels);
        }

        if (selected)
        {
            return null;
        }

        string has = item.Entry.Labels.Count == 0 ? "it has no labels"
            : $"its labels are {string.Join(", ", item.Entry.Labels.Select(pair => $"{pair.Key}={pair.Value}"))}";
        string? meant = mesh.Entries.Count > 0 ? MeantService(item.Entry.Name) : null;
        string? register = vm is null || meant is null ? null
            : DriftCommands.Register(item.ToVm(vm), mesh.ServiceEntryOf(meant), meant, mesh.Namespace);
        string delete = DriftCommands.Delete(item.Entry, mesh.EntryApiVersion);
        return About(
            item, vm, DriftKind.EntryNotSelected, DriftSeverity.Warning,
            $"No ServiceEntry and no Service selects WorkloadEntry {Named(item)}, so that it gets no traffic: "
            + $"{has}.") with
        {
            Expected = meant is null ? null : string.Join(
                ", ", mesh.ServiceEntryOf(meant).Strings("spec", "workloadSelector", "labels")
                    .Select(pair => $"{pair.Key}={pair.Value}")),
            Actual = string.Join(", ", item.Entry.Labels.Select(pair => $"{pair.Key}={pair.Value}")),
            Command = register is null ? delete : $"{delete}; {register}",
        };
    }

    // mesh-expansion-a-b-1 is the entry of a-b.
    private string? MeantService(string entry) =>
        VmAppNames.ServiceNameOf(entry) is { } rest && rest.LastIndexOf('-') is > 0 and int dash
        && VmAppNames.NumberOf(entry, rest[..dash]) is not null && mesh.ServiceEntryOf(rest[..dash]) is not null
            ? rest[..dash] : null;

    private MeshDrift? UnknownPort(DriftEntry item, MeshVm? vm)
    {
        if (item.Ports.Count == 0 || item.Entry.ServiceName is null)
        {
            return null;
        }

        string labels = PowerShellText.Table(item.Entry.Labels);
        if (!_ports.TryGetValue(labels, out HashSet<string>? known))
        {
            _ports[labels] = known = [.. mesh.Selecting(item.Entry.Labels)
                .SelectMany(service => service.At("spec", "ports") as JsonArray ?? [])
                .Select(port => port.Text("name")).OfType<string>()];
        }

        string[] unknown = [.. item.Ports.Where(name => !known.Contains(name))];
        if (unknown.Length == 0)
        {
            return null;
        }

        string service = item.Entry.ServiceName.Split(',')[0];
        string? register = DriftCommands.Register(item.ToVm(vm), mesh.ServiceEntryOf(service), service, mesh.Namespace);
        return About(
            item, vm, DriftKind.PortUnknown, DriftSeverity.Error,
            $"WorkloadEntry {Named(item)} maps the port {string.Join(", ", unknown)}, which ServiceEntry "
            + $"{item.Entry.ServiceName} does not have, so that the mapping is not used.") with
        {
            Expected = string.Join(", ", known),
            Actual = string.Join(", ", unknown),
            Command = register is null ? null : $"{DriftCommands.Delete(item.Entry, mesh.EntryApiVersion)}; {register}",
        };
    }

    // One address in two networks is two machines; two services on one VM are two entries, as New-MeshVmApp makes them.
    private IEnumerable<MeshDrift> Duplicates()
    {
        foreach (IGrouping<(string Address, string Network), DriftEntry> group in mesh.Entries
            .Where(item => item.Entry.Address is not null)
            .GroupBy(item => (DriftMesh.Canonical(item.Entry.Address), item.Entry.Network ?? ""))
            .Where(group => group.Skip(1).Any()))
        {
            Dictionary<string, DriftEntry> keepers = new(StringComparer.Ordinal);
            foreach (DriftEntry item in group.OrderBy(Rank).ThenBy(item => item.Entry.Name.Length)
                .ThenBy(item => item.Entry.Name, StringComparer.Ordinal))
            {
                string[] services = item.Entry.ServiceName?.Split(',') ?? [];
                DriftEntry? other = services.Select(keepers.GetValueOrDefault)
                    .FirstOrDefault(found => found is not null)
                    ?? keepers.Values.FirstOrDefault(kept => services.Length == 0 || item.Group is not null
                        || kept.Group is not null || kept.Entry.ServiceName is null);
                foreach (string service in services.Length == 0 ? [""] : services)
                {
                    keepers.TryAdd(service, item);
                }

                if (other is not null && (IsAskedFor(item.Entry) || IsAskedFor(other.Entry)))
                {
                    yield return Duplicate(item, other);
                }
            }
        }
    }

    // The one to keep comes first: connected before gone, selected before not, an app's own before another.
    private static int Rank(DriftEntry item) =>
        (item.DisconnectedAt is null ? 0 : 4) + (item.Entry.ServiceName is null ? 2 : 0)
        + (item.Entry.ServiceName?.Split(',')
            .Any(name => VmAppNames.NumberOf(item.Entry.Name, name) is not null) == true
            ? 0 : 1);

    private MeshDrift Duplicate(DriftEntry item, DriftEntry other) => About(
        item, _vms.GetValueOrDefault(DriftMesh.Canonical(item.Entry.Address)),
        DriftKind.DuplicateAddress, DriftSeverity.Error,
        $"WorkloadEntries {Named(other)} and {Named(item)} both claim {item.Entry.Address}"
        + $"{(item.Entry.Network is { } network ? $" of network {network}" : "")}, so that it counts twice.") with
    {
        Expected = other.Entry.Name,
        Actual = $"{other.Entry.Name}, {item.Entry.Name}",
        Command = DriftCommands.Delete(item.Entry, mesh.EntryApiVersion),
    };

    private static string Named(DriftEntry item) => $"{item.Entry.Namespace}/{item.Entry.Name}";

    private static MeshDrift About(
        DriftEntry item, MeshVm? vm, DriftKind kind, DriftSeverity severity, string message) => new()
        {
            Kind = kind,
            Severity = severity,
            Vm = vm,
            Address = item.Entry.Address,
            Namespace = item.Entry.Namespace,
            ServiceName = item.Entry.ServiceName,
            Name = item.Entry.Name,
            Message = message,
        };
}
