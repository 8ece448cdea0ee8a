using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Publish-MeshManifest</c>: applies manifests, each to the plane its API group belongs to.</summary>
[Cmdlet(VerbsData.Publish, "MeshManifest", SupportsShouldProcess = true)]
[OutputType(typeof(MeshObject))]
public sealed class PublishMeshManifestCommand : ManifestCmdlet
{
    /// <summary>Waits until the manifests' Deployments are ready.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long -Wait waits for all of them, in seconds. The default is 120.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 120;

    /// <summary>Takes over fields that other managers own, instead of ending with the error Conflict.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken).ConfigureAwait(false);
        ManifestPublisher publisher = Publisher(session, Force);
        bool declined = false;
        List<MeshObject> deployments = [];
        foreach (PlannedChange change in
            await publisher.PlanPublishAsync(writer.Verbose, cancellationToken).ConfigureAwait(false))
        {
            if (change.NeedsWrite
                && !await writer.ShouldProcessAsync(change.Target, change.Description).ConfigureAwait(false))
            {
                declined = true;
                continue;
            }

            MeshObject done = await publisher.CommitAsync(change, cancellationToken).ConfigureAwait(false);
            await writer.WriteAsync(done).ConfigureAwait(false);
            if (change.Kind == KubernetesKind.Deployment)
            {
                deployments.Add(done);
            }
        }

        if (Wait && !declined)
        {
            await WaitAsync(session, deployments, writer, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(
        MeshSession session, IReadOnlyList<MeshObject> deployments, PipelineWriter writer,
        CancellationToken cancellationToken)
    {
        DeploymentWaiter waiter = new(session, TimeSpan.FromSeconds(TimeoutSec), Runtime.Clock);
        foreach (MeshException error in await waiter.WaitAsync(
            deployments,
            (status, percent) => writer.Progress("Waiting for Deployments", status, percent),
            cancellationToken).ConfigureAwait(false))
        {
            await writer.WriteErrorAsync(error, error.ErrorTarget).ConfigureAwait(false);
        }
    }
}
