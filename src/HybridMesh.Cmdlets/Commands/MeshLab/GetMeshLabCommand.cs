using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Get-MeshLab</c>: the running practice mesh, whichever session started it.</summary>
[Cmdlet(VerbsCommon.Get, "MeshLab")]
[OutputType(typeof(MeshLab))]
public sealed class GetMeshLabCommand : AsyncMeshCmdlet
{
    /// <summary>The lab's folder. The default is this session's lab, else the user's default folder.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [FullPath]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        await writer.WriteAsync(await Runtime.Lab.GetAsync(Path, cancellationToken).ConfigureAwait(false))
            .ConfigureAwait(false);
}
