using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Remove-MeshVm</c>: takes VMs out of the mesh completely, in the mesh and on the VMs. Run again it completes what
/// failed half-way.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "MeshVm", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = StopSet)]
[OutputType(typeof(RemovedMeshVm))]
public sealed class RemoveMeshVmCommand : VmCmdlet
{
    private const string StopSet = "StopApps";
    private const string KeepSet = "KeepApps";

    private readonly Dictionary<string, List<MeshVm>> _vms = new(StringComparer.Ordinal);

    /// <summary>
    /// How traffic is led away first: Label (the default) takes the WorkloadEntries out of what selects them; Weight
    /// also gives the weights of subsets that lose their last endpoint to the route's others; None does neither.
    /// </summary>
    [Parameter]
    [PlainText]
    public DrainMode Drain { get; set; } = DrainMode.Label;

    /// <summary>How long requests in flight are waited for, in seconds. The default is 5.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(0, 3600)]
    public int DrainSec { get; set; } = 5;

    /// <summary>Takes out also VMs that are the last to answer requests which a VirtualService sends.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Lets the mesh forget VMs that can't be reached. What is on them stays.</summary>
    [Parameter]
    public SwitchParameter SkipUnreachable { get; set; }

    /// <summary>
    /// The apps to stop, of those that Start-VmApp started; wildcards are allowed. The default is all.
    /// </summary>
    [Parameter(ParameterSetName = StopSet)]
    [PlainText]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? AppName { get; set; }

    /// <summary>Lets the apps on the VMs go on running.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeepSet)]
    public SwitchParameter KeepApp { get; set; }

    /// <summary>
    /// Who takes back a registered app when its last VM goes: Istio, this module itself (the default), or Asm, by
    /// Alibaba Cloud's API.
    /// </summary>
    [Parameter]
    [PlainText]
    public MeshProvider Provider { get; set; } = MeshProvider.Istio;

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        // Whether traffic depends on them is judged for all of them together.
        if (!_vms.TryGetValue(Namespace ?? "", out List<MeshVm>? vms))
        {
            _vms[Namespace ?? ""] = vms = [];
        }

        vms.AddRange(Vm);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        MeshVmRemover remover = new(
            session, new VmAccess(Runtime.Shells, SshOptions), writer, FanOutOptions, Runtime.Clock);
        foreach ((string ns, List<MeshVm> vms) in _vms)
        {
            VmRemovalRequest request = new()
            {
                Namespace = ns.Length > 0 ? ns : session.Connection.Namespace,
                Vms = vms,
                Drain = Drain,
                DrainTime = TimeSpan.FromSeconds(DrainSec),
                Force = Force,
                SkipUnreachable = SkipUnreachable,
                StopsApp = KeepApp ? null : NamePattern.Any(AppName) ?? (_ => true),
                Provider = Provider,
            };
            await foreach (RemovedMeshVm vm in remover.RemoveAsync(request, cancellationToken))
            {
                await writer.WriteAsync(vm);
            }
        }
    }
}
