using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>How the VMs themselves are reached.</summary>
/// <param name="Connector">Connects to them.</param>
/// <param name="Options">How.</param>
public sealed record VmAccess(IRemoteShellConnector Connector, SshOptions Options);

/// <summary>Takes VMs out of the mesh completely.</summary>
public sealed class MeshVmRemover
{
    private readonly MeshSession _session;
    private readonly VmAccess _access;
    private readonly IChangeGate _gate;
    private readonly FanOutOptions _options;
    private readonly TimeProvider _clock;

    /// <summary>Makes a remover that asks and tells its user through a gate.</summary>
    public MeshVmRemover(
        MeshSession session, VmAccess access, IChangeGate gate, FanOutOptions options, TimeProvider clock)
    {
        _session = session;
        _access = access;
        _gate = gate;
        _options = options;
        _clock = clock;
    }

    /// <summary>
    /// Reads everything, refuses what can't be spared, asks, drains, then removes: registered apps without VMs, and per
    /// VM its sidecar, WorkloadEntries, host records and apps. One VM's failure is an error about it, which says what
    /// was done and what not; run again it goes on from there.
    /// </summary>
    public async IAsyncEnumerable<RemovedMeshVm> RemoveAsync(
        VmRemovalRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        RemovalScope scope = await ReadMeshAsync(request, cancellationToken).ConfigureAwait(false);
        VmSide side = new(request);
        List<VmRemoval> vms = await ReadVmsAsync(scope, side, cancellationToken).ConfigureAwait(false);
        vms = await scope.DropAsync(vms, RemovalJudge.Refuse(scope.Use, vms, request)).ConfigureAwait(false);
        foreach (VmRemoval vm in vms.Where(vm => vm.IsOut))
        {
            _gate.Verbose($"{vm} is out of the mesh already.");
            yield return vm.ToResult(request.Namespace);
        }

        vms.RemoveAll(vm => vm.IsOut);
        RemovalQuestions questions = new(scope);
        if (_gate.WhatIf)
        {
            await questions.ShowAsync(vms, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        vms = await questions.AskAsync(vms).ConfigureAwait(false);
        vms = await new DrainRun(scope).RunAsync(vms, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<EmptiedApp> apps = await EmptiedApp.FindAsync(
            _session, request.Namespace, scope.Catalog, vms, cancellationToken).ConfigureAwait(false);
        vms = await new EmptiedAppRun(scope).RunAsync(apps, vms, cancellationToken).ConfigureAwait(false);
        await foreach (FanOutResult<VmRemoval, RemovedMeshVm> result in FanOut.RunAsync(
            vms, _options, (vm, token) => TakeOutAsync(scope, side, vm, token), cancellationToken)
            .ConfigureAwait(false))
        {
            if (result.Error is { } error)
            {
                await _gate.WriteErrorAsync(result.Item.Failed(error), result.Item.Vm).ConfigureAwait(false);
            }
            else
            {
                yield return result.Result!;
            }
        }
    }

    private async Task<RemovalScope> ReadMeshAsync(VmRemovalRequest request, CancellationToken cancellationToken)
    {
        _gate.Verbose($"Reading what namespace {request.Namespace} has of {request.Vms.Count} VMs at "
            + $"{_session.ControlPlane.Server} and {_session.DataPlane.Server}.");
        return new RemovalScope(
            _session, _gate, request,
            await WorkloadEntryCatalog.ReadAsync(_session, request.Namespace, cancellationToken).ConfigureAwait(false),
            await TrafficUse.ReadAsync(_session, request.Namespace, _gate, cancellationToken).ConfigureAwait(false),
            _options, _clock);
    }

    private async Task<List<VmRemoval>> ReadVmsAsync(
        RemovalScope scope, VmSide side, CancellationToken cancellationToken)
    {
        List<VmRemoval> vms = [.. scope.Request.Vms
            .DistinctBy(vm => (MeshAddress.Normalize(vm.Address) ?? vm.Address, vm.Network ?? ""))
            .Select(vm => new VmRemoval(vm, EntriesOf(vm, scope.Catalog)))];
        Dictionary<VmRemoval, MeshException> failed = [];
        await foreach (FanOutResult<VmRemoval, bool> result in FanOut.RunAsync(
            vms, _options, (vm, token) => ReadVmAsync(vm, side, token), cancellationToken).ConfigureAwait(false))
        {
            if (result.Error is not { } error)
            {
                continue;
            }

            if (scope.Request.SkipUnreachable && error.Code is MeshErrorCode.VmUnreachable or MeshErrorCode.TimedOut)
            {
                result.Item.Unreachable = error;
                _gate.Warning($"{result.Item} can't be reached, so what is on it stays. Should it come back, run "
                    + "Remove-MeshVm for it again.");
            }
            else
            {
                failed[result.Item] = error;
            }
        }

        return await scope.DropAsync(vms, failed).ConfigureAwait(false);
    }

    // The same address in another network is another VM; an entry or a VM that names none may be any.
    private static List<JsonObject> EntriesOf(MeshVm vm, WorkloadEntryCatalog catalog) =>
    [
        .. catalog.WithAddress(vm.Address).Where(entry => string.IsNullOrEmpty(vm.Network)
            || entry.Text("spec", "network") is null or "" || entry.Text("spec", "network") == vm.Network),
    ];

    private async Task<bool> ReadVmAsync(VmRemoval vm, VmSide side, CancellationToken cancellationToken)
    {
        await using IRemoteShell shell = await ConnectAsync(vm, cancellationToken).ConfigureAwait(false);
        vm.OnVm.AddRange(
            await side.PlanAsync(shell, text => Warn(vm, text), cancellationToken).ConfigureAwait(false));
        return true;
    }

    private void Warn(VmRemoval vm, string text)
    {
        if (vm.Warned.Add(text))
        {
            _gate.Warning(text);
        }
    }

    private async Task<IRemoteShell> ConnectAsync(VmRemoval vm, CancellationToken cancellationToken)
    {
        _gate.Verbose($"{vm}: connecting to {vm.Vm.SshHost} port {vm.Vm.SshPort}.");
        return await _access.Connector.ConnectAsync(vm.Vm, _access.Options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RemovedMeshVm> TakeOutAsync(
        RemovalScope scope, VmSide side, VmRemoval vm, CancellationToken cancellationToken)
    {
        vm.Pending.AddRange(vm.OnVm.Where(step => step.IsSidecar).Select(step => step.Action));
        vm.Pending.AddRange(vm.EntryNames.Select(PendingEntry));
        vm.Pending.AddRange(vm.OnVm.Where(step => !step.IsSidecar).Select(step => step.Action));
        await using IRemoteShell? shell = vm.OnVm.Count > 0
            ? await ConnectAsync(vm, cancellationToken).ConfigureAwait(false) : null;
        string? step = null;
        ChangeGuard guard = new(
            (_, action) =>
            {
                // The step before has ended when the next one begins.
                vm.Pending.Remove(step ?? "");
                step = action;
                return Task.FromResult(true);
            },
            text => Warn(vm, text));
        if (shell is not null)
        {
            await VmSide.RemoveSidecarAsync(shell, guard, vm.Done.Add, cancellationToken).ConfigureAwait(false);
            vm.Pending.Remove(step ?? "");
        }

        await RemoveEntriesAsync(scope, vm, cancellationToken).ConfigureAwait(false);
        if (shell is not null)
        {
            await side.RemoveRestAsync(shell, guard, vm.Done.Add, cancellationToken).ConfigureAwait(false);
        }

        vm.Pending.Clear();
        await CheckEntriesAsync(scope, vm, cancellationToken).ConfigureAwait(false);
        _gate.Verbose($"{vm} is out of the mesh: {string.Join(", ", vm.Done)}.");
        return vm.ToResult(scope.Request.Namespace);
    }

    private async Task RemoveEntriesAsync(RemovalScope scope, VmRemoval vm, CancellationToken cancellationToken)
    {
        foreach (JsonObject entry in vm.Entries)
        {
            string name = entry.Text("metadata", "name")!;
            bool removed = await _session.ControlPlane.DeleteAsync(
                scope.Catalog.EntryKind, scope.Request.Namespace, name, entry.Text("metadata", "uid"), dryRun: false,
                cancellationToken).ConfigureAwait(false);
            vm.Pending.Remove(PendingEntry(name));
            vm.Done.Add(new RemovedObject
            {
                Kind = KubernetesKind.WorkloadEntry.Kind,
                Namespace = scope.Request.Namespace,
                Name = name,
                Plane = MeshPlane.Control,
                Action = removed || vm.GoneWithApp ? ChangeAction.Removed : ChangeAction.Unchanged,
            });
        }
    }

    // istiod makes the entry of a group anew while a sidecar of that address is connected.
    private async Task CheckEntriesAsync(RemovalScope scope, VmRemoval vm, CancellationToken cancellationToken)
    {
        foreach (string name in vm.EntryNames)
        {
            if (await _session.ControlPlane.FindAsync(
                scope.Catalog.EntryKind, scope.Request.Namespace, name, cancellationToken).ConfigureAwait(false)
                is { } again && again["metadata"]?["deletionTimestamp"] is null)
            {
                throw new MeshException(
                    MeshErrorCode.ReadBackMismatch,
                    $"WorkloadEntry {name} was removed and is there again, made by {OwnerMark.WritersOf(again)}: the "
                        + "sidecar of that address still runs.",
                    vm.Vm);
            }
        }
    }

    private static string PendingEntry(string name) => $"remove WorkloadEntry {name}";
}
