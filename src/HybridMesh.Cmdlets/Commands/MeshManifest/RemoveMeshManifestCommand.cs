using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Remove-MeshManifest</c>: removes what manifests name, in reverse order.</summary>
[Cmdlet(VerbsCommon.Remove, "MeshManifest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MeshObject))]
public sealed class RemoveMeshManifestCommand : ManifestCmdlet
{
    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken).ConfigureAwait(false);
        ManifestPublisher publisher = Publisher(session, force: false);
        foreach (PlannedChange change in
            await publisher.PlanRemoveAsync(writer.Verbose, cancellationToken).ConfigureAwait(false))
        {
            if (!change.NeedsWrite
                || await writer.ShouldProcessAsync(change.Target, change.Description).ConfigureAwait(false))
            {
                await writer.WriteAsync(
                    await publisher.CommitAsync(change, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
    }
}
