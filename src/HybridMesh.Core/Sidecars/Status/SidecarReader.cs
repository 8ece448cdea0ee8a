using System.Collections.Concurrent;

namespace HybridMesh.Core;

/// <summary>Reads sidecars of many VMs and compares each with the mesh, which is read once per namespace.</summary>
public sealed class SidecarReader
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    private readonly MeshSession? _session;
    private readonly TimeProvider _clock;
    private readonly Action<string> _verbose;
    private readonly Action<string> _warning;
    private readonly CancellationToken _stop;
    private readonly ConcurrentDictionary<string, Lazy<Task<DriftMesh?>>> _meshes = new(StringComparer.Ordinal);

    /// <summary>Makes a reader.</summary>
    /// <param name="session">The mesh; null to tell only what the VMs know.</param>
    /// <param name="clock">Tells what has expired.</param>
    /// <param name="verbose">Hears what is compared.</param>
    /// <param name="warning">Hears that the mesh could not be read.</param>
    /// <param name="cancellationToken">Ctrl+C, which ends reading the mesh for all VMs.</param>
    public SidecarReader(
        MeshSession? session, TimeProvider clock, Action<string> verbose, Action<string> warning,
        CancellationToken cancellationToken)
    {
        _session = session;
        _clock = clock;
        _verbose = verbose;
        _warning = warning;
        _stop = cancellationToken;
    }

    /// <summary>Reads one VM's sidecar.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="ns">The namespace of its WorkloadEntry; null for cluster.env's, else the connection's.</param>
    /// <param name="app">How the app tells its version; null when it is not asked.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<VmSidecar> ReadAsync(
        IRemoteShell shell, string? ns, AppVersionQuery? app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        SidecarFacts facts = await SidecarStatus.ReadAsync(shell, app, cancellationToken).ConfigureAwait(false);
        DriftMesh? mesh = _session is null ? null : await _meshes
            .GetOrAdd(ns ?? facts.Env?.Namespace ?? _session.Connection.Namespace, key => new(() => ReadMeshAsync(key)))
            .Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        VmView view = new()
        {
            Vm = shell.Vm,
            Facts = facts,
            Mesh = mesh,
            Entries = mesh?.Claiming(shell.Vm.Address, shell.Vm.Network ?? facts.Env?.Network) ?? [],
            Now = _clock.GetUtcNow(),
            ExpiresWithin = Soon,
        };
        return Compare(view);
    }

    /// <summary>
    /// Whether a sidecar's token or a certificate ends by then. A token that is lost has ended already.
    /// </summary>
    public static bool Expires(VmSidecar sidecar, DateTimeOffset by)
    {
        ArgumentNullException.ThrowIfNull(sidecar);
        return sidecar.State != SidecarState.Absent
            && (sidecar.TokenExpires is null || sidecar.TokenExpires <= by || sidecar.CertificateExpires <= by);
    }

    private static VmSidecar Compare(VmView view) => view.Facts!.ToSidecar() with
    {
        WorkloadEntry = view.Entries.Count == 0 ? null : string.Join(", ", view.Entries.Select(entry => entry.Name)),
        EntryVersion = view.Entries.Select(entry => entry.Version)
            .Distinct(StringComparer.Ordinal).ToArray() is [{ } one]
            ? one
            : view.Entries.Count < 2 ? null : string.Join(", ", view.Entries.Select(entry => entry.Version ?? "none")),
        Agrees = AgreementRules.Agrees(view),
        Problems = [.. SidecarRules.Find(view).Concat(AgreementRules.Find(view)).Select(drift => drift.ToProblem())],
    };

    private async Task<DriftMesh?> ReadMeshAsync(string ns)
    {
        try
        {
            _verbose($"Reading the WorkloadEntries of namespace {ns} of {_session!.ControlPlane.Server}.");
            return await DriftMesh.ReadAsync(_session, ns, _verbose, _stop).ConfigureAwait(false);
        }
        catch (MeshException e)
        {
            _warning($"Sidecars are not compared with the mesh: {e.Message}");
            return null;
        }
    }
}
