using System.Collections.Concurrent;

namespace HybridMesh.Core;

/// <summary>What to compare.</summary>
public sealed record DriftRequest
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Only the entries of this service; null for all.</summary>
    public string? ServiceName { get; init; }

    /// <summary>All VMs there are; empty to look at the mesh alone.</summary>
    public IReadOnlyList<MeshVm> Vms { get; init; } = [];

    /// <summary>How long before its end a token or certificate is a finding.</summary>
    public TimeSpan ExpiresWithin { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Finds what mesh and VMs disagree on. Nothing is ever changed.</summary>
public sealed class DriftFinder
{
    private readonly DriftMesh _mesh;
    private readonly DriftRequest _request;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<MeshVm, bool> _asked = [];

    private DriftFinder(DriftMesh mesh, DriftRequest request, TimeProvider clock)
    {
        _mesh = mesh;
        _request = request;
        _clock = clock;
    }

    /// <summary>Reads the mesh's side.</summary>
    /// <param name="session">The mesh.</param>
    /// <param name="request">What to compare.</param>
    /// <param name="clock">Tells what has expired.</param>
    /// <param name="verbose">Hears what was compared, and what could not be.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<DriftFinder> OpenAsync(
        MeshSession session, DriftRequest request, TimeProvider clock, Action<string> verbose,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(verbose);
        string ns = request.Namespace;
        verbose($"Reading namespace {ns} of {session.ControlPlane.Server} and {session.DataPlane.Server}.");
        DriftMesh mesh = await DriftMesh.ReadAsync(session, ns, verbose, cancellationToken).ConfigureAwait(false);
        verbose($"Comparing {mesh.Entries.Count} WorkloadEntries of namespace {ns} with {request.Vms.Count} VMs"
            + $"{(request.Vms.Count == 0 ? "; pipe the VMs to compare with what is on them" : "")}.");
        return new DriftFinder(mesh, request, clock);
    }

    /// <summary>What WorkloadEntries disagree on, without asking any VM.</summary>
    public IEnumerable<MeshDrift> FindInMesh() =>
        new EntryRules(_mesh, _request.ServiceName, _request.Vms, _clock.GetUtcNow()).Find();

    /// <summary>What one VM and the mesh disagree on.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="app">How the app tells its version; null when it is not asked.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<MeshDrift>> FindOnVmAsync(
        IRemoteShell shell, AppVersionQuery? app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        SidecarFacts facts = await SidecarStatus.ReadAsync(shell, app, cancellationToken).ConfigureAwait(false);
        VmView view = View(shell.Vm, facts);
        MeshDrift[] found =
        [
            .. AgreementRules.Find(view),
            .. SidecarRules.Find(view),
            .. await HostRules.FindAsync(view, cancellationToken).ConfigureAwait(false),
        ];
        _asked[shell.Vm] = true;
        return found;
    }

    /// <summary>What the mesh and the list disagree on about the VMs that could not be asked.</summary>
    public IEnumerable<MeshDrift> FindOfSilentVms() => _request.Vms
        .Where(vm => !_asked.ContainsKey(vm))
        .SelectMany(vm => AgreementRules.Find(View(vm, facts: null)));

    private VmView View(MeshVm vm, SidecarFacts? facts) => new()
    {
        Vm = vm,
        Facts = facts,
        Mesh = _mesh,
        Entries = [.. _mesh.Claiming(vm.Address, vm.Network ?? facts?.Env?.Network).Where(IsAskedFor)],
        AskedService = _request.ServiceName,
        Now = _clock.GetUtcNow(),
        ExpiresWithin = _request.ExpiresWithin,
    };

    private bool IsAskedFor(WorkloadEntry entry) => _request.ServiceName is null
        || entry.ServiceName?.Split(',').Contains(_request.ServiceName, StringComparer.Ordinal) == true;
}
