using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>One VM as all sides see it, for the rules to compare.</summary>
internal sealed record VmView
{
    /// <summary>The VM as the list has it.</summary>
    public required MeshVm Vm { get; init; }

    /// <summary>What the VM itself says; null when it can't be reached.</summary>
    public SidecarFacts? Facts { get; init; }

    /// <summary>The mesh; null when there is no connection.</summary>
    public DriftMesh? Mesh { get; init; }

    /// <summary>The entries that claim the VM's address, in its network when that is known.</summary>
    public IReadOnlyList<WorkloadEntry> Entries { get; init; } = [];

    /// <summary>The service asked for; null for any.</summary>
    public string? AskedService { get; init; }

    /// <summary>Today.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long before its end a token or certificate is a finding.</summary>
    public required TimeSpan ExpiresWithin { get; init; }

    /// <summary>The namespace.</summary>
    public string Namespace => Mesh?.Namespace ?? Facts?.Env?.Namespace ?? "default";

    /// <summary>The service of the VM's entries, else the one asked for, else the namespace's only one.</summary>
    public string? ServiceName => Entries.Select(entry => entry.ServiceName?.Split(',')[0])
            .FirstOrDefault(name => name is not null)
        ?? AskedService ?? Mesh?.OnlyService ?? Facts?.Env?["CANONICAL_SERVICE"];

    /// <summary>The ServiceEntry of that service.</summary>
    public JsonObject? ServiceEntry => ServiceName is null ? null : Mesh?.ServiceEntryOf(ServiceName);

    /// <summary>
    /// The version that is true: what the app answers, else what the list wants, else what the VM's own file says.
    /// </summary>
    public string? TrueVersion => Facts?.AppVersion ?? Vm.Version ?? Facts?.Env?.Version
        ?? Entries.Select(entry => entry.Version).FirstOrDefault(version => version is not null);

    /// <summary>
    /// The VM with what the mesh knows and the list does not, so that what is made of it agrees with its entry.
    /// </summary>
    public MeshVm Desired
    {
        get
        {
            WorkloadEntry? entry = Entries.Count > 0 ? Entries[0] : null;
            return Vm with
            {
                Version = TrueVersion,
                Labels = Vm.Labels.Count > 0 || entry is null ? Vm.Labels
                    : entry.Labels.Where(pair => pair.Key != "version").ToDictionary(StringComparer.Ordinal),
                Network = Vm.Network ?? entry?.Network,
                ServiceAccount = Vm.ServiceAccount ?? entry?.ServiceAccount,
            };
        }
    }

    /// <summary>A finding about this VM.</summary>
    public MeshDrift Drift(DriftKind kind, DriftSeverity severity, string message) => new()
    {
        Kind = kind,
        Severity = severity,
        Vm = Vm,
        Namespace = Namespace,
        ServiceName = Entries.Count > 0 ? Entries[0].ServiceName : AskedService,
        Message = message,
    };
}
