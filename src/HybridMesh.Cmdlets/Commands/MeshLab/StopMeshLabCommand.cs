using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Stop-MeshLab</c>: ends a practice mesh with every process it started.</summary>
[Cmdlet(VerbsLifecycle.Stop, "MeshLab", SupportsShouldProcess = true)]
public sealed class StopMeshLabCommand : AsyncMeshCmdlet
{
    /// <summary>The lab's folder. The default is this session's lab, else the user's default folder.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [FullPath]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        if (await Runtime.Lab.FindAsync(Path, cancellationToken).ConfigureAwait(false) is not { } lab)
        {
            writer.Verbose($"No lab is running in '{Runtime.Lab.FolderOf(Path)}'.");
        }
        else if (await writer.ShouldProcessAsync($"lab in '{lab.Path}' (process {lab.ProcessId})", "Stop")
            .ConfigureAwait(false))
        {
            await Runtime.Lab.StopAsync(lab, Runtime.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
