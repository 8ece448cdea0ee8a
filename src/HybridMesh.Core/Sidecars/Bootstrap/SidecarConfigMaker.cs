using System.Net;
using System.Runtime.CompilerServices;

namespace HybridMesh.Core;

/// <summary>Makes the bootstrap files of VMs' sidecars.</summary>
public sealed class SidecarConfigMaker
{
    private readonly SidecarConfigRequest _request;
    private readonly LazySession _session;
    private readonly IYamlFormat _yaml;
    private readonly IChangeGate _gate;
    private readonly BootstrapSources _sources;
    private readonly TokenSource _tokens;

    /// <summary>Makes a maker.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="session">The mesh, which is not needed when files give everything.</param>
    /// <param name="yaml">Reads and writes YAML.</param>
    /// <param name="gate">Asks and tells the user.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="resolve">Resolves the host name of a load balancer.</param>
    public SidecarConfigMaker(
        SidecarConfigRequest request, LazySession session, IYamlFormat yaml, IChangeGate gate, TimeProvider clock,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        ArgumentNullException.ThrowIfNull(request);
        _request = request;
        _session = session;
        _yaml = yaml;
        _gate = gate;
        _sources = new BootstrapSources(request, session, yaml, gate, new GatewayAddress(gate, resolve));
        _tokens = new TokenSource(request, session, gate, clock);
    }

    /// <summary>Makes the files, one object per VM; a VM's failure is told and does not stop the rest.</summary>
    public async IAsyncEnumerable<VmSidecarConfig> MakeAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BootstrapAddress.CheckParameter(_request.InternalIP, nameof(_request.InternalIP));
        BootstrapAddress.CheckParameter(_request.ExternalIP, nameof(_request.ExternalIP));
        BootstrapAddress.CheckParameter(
            string.IsNullOrEmpty(_request.IngressIP) ? null : _request.IngressIP, nameof(_request.IngressIP));
        (WorkloadTemplate template, IReadOnlyList<MeshVm> vms) =
            await new WorkloadSource(_request, _session, _yaml).ReadAsync(cancellationToken).ConfigureAwait(false);
        CheckVms(vms);
        IBootstrapContent content = _request.Provider == MeshProvider.Asm
            ? await AsmContent.ReadAsync(_request, _session, _sources, _yaml, template, _gate, cancellationToken)
                .ConfigureAwait(false)
            : new IstioContent(
                _request, await _sources.ReadAsync(template.Namespace, cancellationToken).ConfigureAwait(false), _yaml);
        List<Draft> approved = [];
        foreach (MeshVm? vm in vms.DefaultIfEmpty<MeshVm?>(null))
        {
            if (await DraftAsync(template, vm, content, cancellationToken).ConfigureAwait(false) is { } draft)
            {
                approved.Add(draft);
            }
        }

        await foreach (FanOutResult<Draft, VmSidecarConfig> done in FanOut.RunInOrderAsync(
            approved, _request.FanOut, FinishAsync, cancellationToken).ConfigureAwait(false))
        {
            if (done.Error is { } error)
            {
                await _gate.WriteErrorAsync(error, done.Item.Config.Vm ?? error.ErrorTarget).ConfigureAwait(false);
            }
            else
            {
                yield return done.Result!;
            }
        }
    }

    private void CheckVms(IReadOnlyList<MeshVm> vms)
    {
        if (vms.Count > 1 && (_request.InternalIP ?? _request.ExternalIP) is { } address)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"{vms.Count} VMs can't all have the address {address}; leave -InternalIP and -ExternalIP out, so that "
                + "each VM's own Address is taken.",
                address);
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        if (vms.FirstOrDefault(vm => !names.Add(vm.Name)) is { } twice)
        {
            throw new MeshException(
                MeshErrorCode.Ambiguous, $"VM {twice} is there twice; each needs a name of its own.", twice);
        }
    }

    // Everything but the token, which is asked for only when the user agrees.
    private async Task<Draft?> DraftAsync(
        WorkloadTemplate template, MeshVm? vm, IBootstrapContent content, CancellationToken cancellationToken)
    {
        try
        {
            SidecarFolder? folder = _request.OutputPath is { } path ? SidecarFolder.Of(path, vm) : null;
            if (vm is not null)
            {
                BootstrapAddress.CheckVm(vm);
            }

            WorkloadTemplate workload = template.For(vm);
            VmSidecarConfig config = content.Make(workload, vm);
            SidecarFile? token = await _tokens.KeptAsync(
                folder, workload, config.Find(SidecarFileNames.RootCert)?.GetBytes() ?? [], cancellationToken)
                .ConfigureAwait(false) ?? config.Find(SidecarFileNames.Token);
            Draft draft = new(config, workload, token, folder);
            return draft.Change(_request) is not { } change
                || await _gate.ShouldProcessAsync(draft.Target, change).ConfigureAwait(false) ? draft : null;
        }
        catch (MeshException e) when (vm is not null)
        {
            await _gate.WriteErrorAsync(e, vm).ConfigureAwait(false);
            return null;
        }
    }

    private async Task<VmSidecarConfig> FinishAsync(Draft draft, CancellationToken cancellationToken)
    {
        (SidecarFile token, DateTimeOffset? expires) = draft.Token is { } kept
            ? (kept, TokenFacts.Read(kept.GetText())?.Expires)
            : await _tokens.GetAsync(draft.Workload, cancellationToken).ConfigureAwait(false);
        VmSidecarConfig config = draft.Config with
        {
            Files = [.. SidecarFileOrder.Sort([.. draft.Config.Files.Where(file => file.Name != token.Name), token])],
            TokenExpires = expires,
        };
        return draft.Folder is not { } folder ? config : config with
        {
            OutputPath = folder.Path,
            Action = await folder.WriteAsync(config.Files, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>A config that lacks its token.</summary>
    private sealed record Draft(
        VmSidecarConfig Config, WorkloadTemplate Workload, SidecarFile? Token, SidecarFolder? Folder)
    {
        public string Target => Config.Vm is { } vm
            ? $"VM {vm}" : $"Workload {Config.Namespace}/{Config.WorkloadName}";

        /// <summary>What making it would do; null when nothing would change.</summary>
        public string? Change(SidecarConfigRequest request)
        {
            string[] steps =
            [
                .. Token is not null || request.TokenPath is not null ? Array.Empty<string>()
                    : [$"issue a token for service account {Workload.Namespace}/{Workload.ServiceAccount}"],
                .. Folder is null ? Array.Empty<string>() : [$"write the sidecar's files to '{Folder.Path}'"],
            ];
            return steps.Length == 0 ? null : string.Join(" and ", steps);
        }

        public override string ToString() => Target;
    }
}
