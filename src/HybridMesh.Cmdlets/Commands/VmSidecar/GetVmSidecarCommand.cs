using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Get-VmSidecar</c>: whether the sidecars of VMs run, until when, and whether mesh, VM and app agree.
/// </summary>
[Cmdlet(VerbsCommon.Get, "VmSidecar")]
[OutputType(typeof(VmSidecar))]
public sealed class GetVmSidecarCommand : AppVersionCmdlet
{
    private readonly List<VmRequest<(string? Namespace, AppVersionQuery? App)>> _requests = [];

    /// <summary>
    /// The VMs: objects of Import-MeshVm, rows of Import-Csv, hashtables, or what another cmdlet gave about a VM.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [MeshVmTransform]
    public MeshVm[] Vm { get; set; } = [];

    /// <summary>
    /// Only sidecars whose token or certificate ends within this time, or whose token is lost: seconds, or a text such
    /// as <c>30m</c>. The default is all.
    /// </summary>
    [Parameter]
    [PlainText]
    [DurationTransform]
    public TimeSpan? ExpiresWithin { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        AppVersionQuery? app = AppQuery();
        _requests.AddRange(Vm.Select(vm => new VmRequest<(string?, AppVersionQuery?)>(vm, (Namespace, app))));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        // A sidecar can be read without a mesh, so that none is opened for it.
        MeshSession? session = Connection is null ? Runtime.Current : Runtime.Session(Connection);
        if (session is null)
        {
            writer.Verbose("Not connected to a mesh: sidecars are not compared with their WorkloadEntries.");
        }

        SidecarReader reader = new(session, Runtime.Clock, writer.Verbose, writer.Warning, cancellationToken);
        return FanOutAsync<IReadOnlyList<(string? Namespace, AppVersionQuery? App)>, VmSidecar>(
            writer, VmRequest.PerVm(_requests), "Reading sidecars", async (turn, requests, token) =>
            {
                VmSidecar sidecar = await reader.ReadAsync(turn.Shell, requests[0].Namespace, requests[0].App, token);
                return ExpiresWithin is { } within
                    && !SidecarReader.Expires(sidecar, Runtime.Clock.GetUtcNow() + within)
                    ? [] : [sidecar];
            }, cancellationToken);
    }
}
