namespace HybridMesh.Core;

/// <summary>What registering an app by ASM comes to.</summary>
internal sealed record AsmVmAppPlan(VmAppInput Input, VmAppPlan Plan, bool NeedsCall, IReadOnlyList<string> Addresses)
{
    /// <summary>The call for -WhatIf and -Confirm.</summary>
    public string Description
    {
        get
        {
            Dictionary<string, int> places = [];
            for (int i = 0; i < Addresses.Count; i++)
            {
                places[Addresses[i]] = i + 1;
            }

            IEnumerable<string> created = Plan.Entries.Where(entry => entry is { Existing: null, Error: null })
                .Select(entry =>
                    $"WorkloadEntry {VmAppNames.Entry(Input.ServiceName, places[entry.Input.Address])} "
                    + $"({entry.Input.Address})");
            return $"AddVmAppToMesh with addresses {string.Join(", ", Addresses)}, ports "
                + $"{string.Join(", ", Input.Ports)}"
                + $"{string.Concat(created.Select(item => $"; create {item}"))}"
                + $"{(MissesServiceEntry ? $"; create ServiceEntry {VmAppNames.ServiceEntry(Input.ServiceName)}" : "")}"
                + $"{(MissesService ? $"; create Service {Input.ServiceName}" : "")}";
        }
    }

    private bool MissesServiceEntry { get; init; }

    private bool MissesService { get; init; }

    /// <summary>Plans the call.</summary>
    /// <exception cref="MeshException">Conflict, when ASM could not make what is asked for.</exception>
    public static AsmVmAppPlan Make(VmAppInput input, VmAppState state)
    {
        VmAppPlan plan = VmAppPlanner.Plan(input, state);
        if (state.ServiceEntry is { } existing
            && !OwnerMark.Contains(
                existing["spec"], VmAppManifests.ServiceEntry(input, state.ServiceEntryKind)["spec"]))
        {
            throw new MeshException(
                MeshErrorCode.Conflict,
                $"ServiceEntry {input.Namespace}/{VmAppNames.ServiceEntry(input.ServiceName)} has other ports or "
                + "labels, and AddVmAppToMesh changes none that exists. Nothing was called; Remove-MeshVmApp first, "
                + "or use -Provider Istio.",
                input.ServiceName);
        }

        string[] added = [.. plan.Entries.Where(entry => entry is { Existing: null, Error: null })
            .Select(entry => entry.Input.Address)];
        bool needsCall = added.Length > 0 || state.ServiceEntry is null || state.Service is null;
        return new AsmVmAppPlan(input, plan, needsCall, needsCall ? Order(input, state, added) : [])
        {
            MissesServiceEntry = state.ServiceEntry is null,
            MissesService = state.Service is null,
        };
    }

    /// <summary>What a later state still lacks, one error per object.</summary>
    public IReadOnlyList<MeshException> MissingIn(VmAppState state)
    {
        List<MeshException> missing = [];
        if (state.ServiceEntry is null)
        {
            missing.Add(Missing($"ServiceEntry {VmAppNames.ServiceEntry(Input.ServiceName)}", Input.ServiceName));
        }

        if (state.Service is null)
        {
            missing.Add(Missing($"Service {Input.ServiceName}", Input.ServiceName));
        }

        missing.AddRange(VmAppPlanner.Plan(Input, state).Entries
            .Where(entry => entry is { Existing: null, Error: null })
            .Select(entry => Missing($"a WorkloadEntry of VM {entry.Input}", entry.Input.Vm)));
        return missing;
    }

    // ASM numbers entries by the place of their address and, with Force, skips a name that exists: every existing entry
    // must stand at its own number, and a gap must be filled by a new address.
    private static List<string> Order(VmAppInput input, VmAppState state, string[] added)
    {
        List<string> addresses = [];
        Queue<string> rest = new(added);
        foreach (NumberedEntry entry in state.Entries)
        {
            while (addresses.Count + 1 < entry.Number)
            {
                addresses.Add(rest.TryDequeue(out string? next) ? next : throw new MeshException(
                    MeshErrorCode.Conflict,
                    $"The WorkloadEntries of {input.ServiceName} have a gap before number {entry.Number}; "
                    + "AddVmAppToMesh would number them anew and double them. Nothing was called; use -Provider Istio.",
                    input.ServiceName));
            }

            addresses.Add(entry.Address);
        }

        addresses.AddRange(rest);
        return addresses;
    }

    private MeshException Missing(string what, object target) => new(
        MeshErrorCode.ReadBackMismatch,
        $"AddVmAppToMesh reported success, but {what} is not in namespace {Input.Namespace}. Run it again, or use "
        + "-Provider Istio, which writes the objects itself.",
        target);
}
