using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Start-MeshLab</c>: starts a practice mesh on this machine, or takes the one that is running.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "MeshLab", SupportsShouldProcess = true)]
[OutputType(typeof(MeshLab))]
public sealed class StartMeshLabCommand : AsyncMeshCmdlet
{
    private const string Activity = "Starting the practice lab";

    /// <summary>How many VMs, 0 to 84. The default is 3, or what a running lab has.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, 84)]
    public int VmCount { get; set; }

    /// <summary>The lab's folder. The default is one folder per user.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [FullPath]
    public string? Path { get; set; }

    /// <summary>Keeps the lab running when this session ends; Stop-MeshLab ends it.</summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        LabRequest request = new()
        {
            Path = Path,
            VmCount = MyInvocation.BoundParameters.ContainsKey(nameof(VmCount)) ? VmCount : null,
            Detached = Detached,
        };
        if (!await writer.ShouldProcessAsync($"lab in '{LabFolder.Resolve(Path)}'", "Start").ConfigureAwait(false))
        {
            return;
        }

        writer.Progress(Activity, "VMs, API servers, gateway", -1);
        MeshLab lab = await Runtime.Lab
            .StartAsync(request, writer.Verbose, writer.Warning, Runtime.Clock, cancellationToken)
            .ConfigureAwait(false);
        writer.Progress(Activity, "ready", 100);
        await writer.WriteAsync(lab).ConfigureAwait(false);
    }
}
