using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Decides, without any call, what registering an app comes to: entries are found again by address, new VMs get the
/// next free number, what others made is left as it is.
/// </summary>
internal sealed class VmAppPlanner
{
    private readonly VmAppInput _input;
    private readonly VmAppState _state;
    private readonly List<string> _warnings = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, List<NumberedEntry>> _byAddress = new(StringComparer.Ordinal);
    private readonly HashSet<string> _claimed = new(StringComparer.Ordinal);
    private int _next;

    private VmAppPlanner(VmAppInput input, VmAppState state)
    {
        _input = input;
        _state = state;
        foreach (NumberedEntry entry in state.Entries)
        {
            if (!_byAddress.TryGetValue(entry.Address, out List<NumberedEntry>? same))
            {
                _byAddress[entry.Address] = same = [];
            }

            same.Add(entry);
        }

        _next = state.Entries.Count == 0 ? 1 : state.Entries[^1].Number + 1;
    }

    /// <summary>Plans.</summary>
    /// <exception cref="MeshException">Conflict, when the ServiceEntry of that name is of another make.</exception>
    public static VmAppPlan Plan(VmAppInput input, VmAppState state)
    {
        VmAppPlanner planner = new(input, state);
        JsonObject serviceEntry = VmAppManifests.ServiceEntry(input, state.ServiceEntryKind);
        bool ownServiceEntry = planner.CheckServiceEntry(serviceEntry);
        JsonObject service = VmAppManifests.Service(input);
        bool ownService = planner.CheckService();
        // Found ones claim their entries before new ones take numbers, so that the order of VMs does not matter.
        NumberedEntry?[] found = [.. input.Entries.Select(planner.Find)];
        List<EntryPlan> entries = [.. input.Entries.Select((entry, index) => planner.PlanEntry(entry, found[index]))];
        planner.WarnOfLeftOut();
        return new VmAppPlan
        {
            Entries = entries,
            ServiceEntry = ownServiceEntry ? serviceEntry : null,
            WriteServiceEntry = ownServiceEntry
                && (state.ServiceEntry is null || !OwnerMark.IsAsApplied(state.ServiceEntry, serviceEntry)),
            Service = ownService ? service : null,
            WriteService = ownService && (state.Service is null || !OwnerMark.IsAsApplied(state.Service, service)),
            NextNumber = planner._next,
            Warnings = planner._warnings,
            Notes = planner._notes,
        };
    }

    private bool CheckServiceEntry(JsonObject manifest)
    {
        string host = VmAppNames.Host(_input.ServiceName, _input.Namespace);
        foreach (JsonObject other in _state.Catalog.ServiceEntries)
        {
            if (!ReferenceEquals(other, _state.ServiceEntry)
                && WorkloadEntryCatalog.Hosts(other).Contains(host, StringComparer.Ordinal))
            {
                _warnings.Add($"ServiceEntry {_input.Namespace}/{other.Text("metadata", "name")} declares {host} "
                    + "too; the mesh merges or drops one of them. Remove the one that is not meant.");
            }
        }

        if (_state.ServiceEntry is not { } existing || OwnerMark.IsOurs(existing))
        {
            return true;
        }

        string name = $"{_input.Namespace}/{VmAppNames.ServiceEntry(_input.ServiceName)}";
        if (!OwnerMark.Contains(existing["spec"], manifest["spec"]))
        {
            string differences = string.Join("; ", ObjectDifference.Between(
                new JsonObject { ["spec"] = existing["spec"]?.DeepClone() },
                new JsonObject { ["spec"] = manifest["spec"]?.DeepClone() }));
            throw new MeshException(
                MeshErrorCode.Conflict,
                $"ServiceEntry {name} was made by {OwnerMark.WritersOf(existing)}, not by New-MeshVmApp, and says "
                + $"something else ({differences}). Nothing was written; remove it, use -Provider Asm if ASM made "
                + "it, or choose another -ServiceName.",
                _input.ServiceName);
        }

        _notes.Add($"ServiceEntry {name} was there before and says the same; it is left to "
            + $"{OwnerMark.WritersOf(existing)}.");
        return false;
    }

    private bool CheckService()
    {
        if (_state.Service is not { } existing || OwnerMark.IsOurs(existing))
        {
            return true;
        }

        string name = $"Service {_input.Namespace}/{_input.ServiceName}";
        HashSet<int> served = [.. (existing.At("spec", "ports") as JsonArray ?? [])
            .Select(port => port.Number("port")).OfType<int>()];
        MeshPort[] missing = [.. _input.Ports.Where(port => !served.Contains(port.Number))];
        if (missing.Length > 0)
        {
            _warnings.Add($"{name} was there before and is left as it is, but it has no port "
                + $"{string.Join(", ", missing.Select(port => port.Number))}; clients can't reach it there.");
        }
        else
        {
            // Told aloud when the app is new; a second run has nothing new to tell.
            (_state.ServiceEntry is null ? _warnings : _notes).Add($"{name} was there before and is left as it is.");
        }

        return false;
    }

    private NumberedEntry? Find(EntryInput entry)
    {
        if (!_byAddress.TryGetValue(entry.Address, out List<NumberedEntry>? same))
        {
            return null;
        }

        NumberedEntry[] free = [.. same.Where(item => !_claimed.Contains(item.Name))];
        NumberedEntry[] exact = [.. free.Where(item => item.Network == entry.Network)];
        if (exact.Length > 1)
        {
            _warnings.Add($"WorkloadEntries {string.Join(" and ", exact.Select(item => item.Name))} both have address "
                + $"{entry.Address}; VM {entry} gets its traffic twice. Remove all but the first.");
        }

        // A network that only one of the two knows is no reason for a second endpoint of the same VM.
        NumberedEntry? match = exact.FirstOrDefault()
            ?? (free is [var only] && (only.Network is null || entry.Network is null) ? only : null);
        if (match is not null)
        {
            _claimed.Add(match.Name);
        }

        return match;
    }

    private EntryPlan PlanEntry(EntryInput entry, NumberedEntry? found)
    {
        if (!WorkloadEntryCatalog.Selects(_input.Selector, entry.Labels))
        {
            string wins = string.Join(", ", _input.Selector.Where(pair => entry.Labels[pair.Key] != pair.Value)
                .Select(pair => $"{pair.Key}={entry.Labels[pair.Key]} instead of {pair.Value}"));
            _warnings.Add($"VM {entry} carries the label {wins}, so the service's selector does not match it: it "
                + "gets no traffic. Correct the VM's Labels or -Label.");
        }

        if (found is not null)
        {
            return PlanExisting(entry, found.Name, found.Item, OwnerMark.IsOurs(found.Item));
        }

        JsonObject? foreign = _state.Catalog.WithAddress(entry.Address).FirstOrDefault(item =>
            VmAppNames.NumberOf(item.Text("metadata", "name") ?? "", _input.ServiceName) is null
            && (item.Text("spec", "network") ?? "") == (entry.Network ?? "")
            && WorkloadEntryCatalog.Selects(_input.Selector, item.Strings("spec", "labels")));
        if (foreign?.Text("metadata", "name") is { } name)
        {
            _warnings.Add($"WorkloadEntry {_input.Namespace}/{name} already makes VM {entry} an endpoint of this "
                + "service; it is left as it is and no second one is made.");
            return PlanExisting(entry, name, foreign, isOurs: false);
        }

        name = VmAppNames.Entry(_input.ServiceName, _next++);
        return new EntryPlan
        {
            Input = entry,
            Name = name,
            Manifest = VmAppManifests.Entry(_input, entry, name, _state.Catalog.EntryKind),
            Version = entry.Version,
        };
    }

    private EntryPlan PlanExisting(EntryInput entry, string name, JsonObject existing, bool isOurs)
    {
        JsonObject manifest = VmAppManifests.Entry(_input, entry, name, _state.Catalog.EntryKind);
        Dictionary<string, string> labels = existing.Strings("spec", "labels");
        EntryPlan plan = new() { Input = entry, Name = name, Existing = existing };
        if (!isOurs && !WorkloadEntryCatalog.Selects(_input.Selector, labels))
        {
            return plan with
            {
                Error = new MeshException(
                    MeshErrorCode.Conflict,
                    $"WorkloadEntry {_input.Namespace}/{name} has VM {entry}'s address, was made by "
                    + $"{OwnerMark.WritersOf(existing)} and lacks the labels of this service, so it is left as it is "
                    + "and the VM gets no traffic. Correct its labels or remove it.",
                    entry.Vm),
            };
        }

        string? current = labels.GetValueOrDefault("version");
        if (current is not null && entry.Version is not null && current != entry.Version)
        {
            _warnings.Add($"WorkloadEntry {_input.Namespace}/{name} keeps version {current}; VM {entry} says "
                + $"{entry.Version}. Set-WorkloadEntryVersion changes it.");
        }

        return plan with
        {
            Manifest = isOurs && !OwnerMark.IsAsApplied(existing, manifest) ? manifest : null,
            Version = current is null ? entry.Version : null,
        };
    }

    // Entries of VMs that are not in this run stay; but a changed selector may leave them out.
    private void WarnOfLeftOut()
    {
        string[] lost = [.. _state.Entries.Where(entry => !_claimed.Contains(entry.Name)
                && !WorkloadEntryCatalog.Selects(_input.Selector, entry.Item.Strings("spec", "labels")))
            .Select(entry => entry.Name)];
        if (lost.Length > 0)
        {
            _warnings.Add($"{lost.Length} entries of this app are not among the VMs given and do not carry -Label, "
                + $"so they get no traffic: {string.Join(", ", lost.Take(5))}{(lost.Length > 5 ? ", ..." : "")}. "
                + "Pass their VMs too.");
        }
    }
}
