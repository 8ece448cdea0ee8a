using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Start-VmApp</c>: runs an app on VMs, as a container in their host network.</summary>
[Cmdlet(VerbsLifecycle.Start, "VmApp", SupportsShouldProcess = true)]
[OutputType(typeof(VmApp))]
public sealed class StartVmAppCommand : VmCmdlet
{
    private readonly List<VmRequest<VmAppSpec>> _requests = [];

    /// <summary>The app's name; the container gets it too.</summary>
    // Not from the pipeline: a VM's name is no app's name.
    [Parameter(Mandatory = true, Position = 0)]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The image, or a script block that gives it for each VM.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = "";

    /// <summary>Environment variables of the app, or a script block that gives them for each VM.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [EnvironmentTransform]
    public IDictionary? Environment { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        VmAppSpec spec = new(Name, Image, Environment);
        _requests.AddRange(Vm.Select(vm => new VmRequest<VmAppSpec>(vm, spec)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken) => FanOutAsync(
        writer, _requests, "Starting apps",
        async (turn, spec, token) => OneOrNone(await VmApps.StartAsync(turn.Shell, spec, turn.Guard, token)),
        cancellationToken);
}
