using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Stop-VmApp</c>: stops an app on VMs and removes its container.</summary>
[Cmdlet(VerbsLifecycle.Stop, "VmApp", SupportsShouldProcess = true)]
[OutputType(typeof(VmApp))]
public sealed class StopVmAppCommand : VmCmdlet
{
    private readonly List<VmRequest<string>> _requests = [];

    /// <summary>The app's name.</summary>
    // Not from the pipeline: a VM's name is no app's name.
    [Parameter(Mandatory = true, Position = 0)]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        _requests.AddRange(Vm.Select(vm => new VmRequest<string>(vm, Name)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken) => FanOutAsync(
        writer, VmRequest.PerVm(_requests), "Stopping apps",
        async (turn, _, token) => OneOrNone(await VmApps.StopAsync(turn.Shell, Name, turn.Guard, token)),
        cancellationToken);
}
