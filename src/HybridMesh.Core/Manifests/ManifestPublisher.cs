namespace HybridMesh.Core;

/// <summary>Publishes manifests by server-side apply, and takes them back.</summary>
public sealed class ManifestPublisher
{
    /// <summary>The owner of what Publish-MeshManifest writes.</summary>
    public const string FieldManager = "hybridmesh-publish";

    private readonly MeshSession _session;
    private readonly ManifestRequest _request;
    private readonly IManifestReader _reader;
    private readonly ObjectWriter _writer;

    /// <summary>Makes a publisher.</summary>
    public ManifestPublisher(MeshSession session, ManifestRequest request, IManifestReader reader)
    {
        ArgumentNullException.ThrowIfNull(request);
        _session = session;
        _request = request;
        _reader = reader;
        _writer = new ObjectWriter(session, new ObjectWriterOptions(FieldManager, request.Force)
        {
            ConflictRemedy = "Let the manifest leave them out, or take them over with -Force.",
        });
    }

    /// <summary>
    /// Reads all manifests, finds where each belongs and lets the servers try each without storing it, so that bad
    /// input
    /// is known before the first write.
    /// </summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanPublishAsync(
        Action<string> verbose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(verbose);
        List<PlannedChange> plan = [];
        foreach (ManifestTarget target in await ResolveAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                plan.Add(await _writer.PlanApplyAsync(target.Plane, target.Kind, target.Content, cancellationToken)
                    .ConfigureAwait(false));
                verbose($"{target.Manifest.Source}: {plan[^1].Target}: {plan[^1].Action}.");
            }
            catch (MeshException e)
            {
                throw new MeshException(e.Code, $"{target.Manifest.Source}: {e.Message}", target.Manifest.Source, e);
            }
        }

        return plan;
    }

    /// <summary>Reads all manifests and finds what of them is there, last first.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanRemoveAsync(
        Action<string> verbose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(verbose);
        List<PlannedChange> plan = [];
        foreach (ManifestTarget target in (await ResolveAsync(cancellationToken).ConfigureAwait(false)).Reverse())
        {
            plan.Add(await _writer.PlanRemoveAsync(
                target.Plane, target.Kind, target.Namespace, target.Manifest.Name, cancellationToken)
                .ConfigureAwait(false));
            verbose($"{target.Manifest.Source}: {plan[^1].Target}: {plan[^1].Action}.");
        }

        return plan;
    }

    /// <summary>Does what was planned for one object.</summary>
    public async Task<MeshObject> CommitAsync(PlannedChange change, CancellationToken cancellationToken) =>
        MeshObject.From(await _writer.CommitAsync(change, cancellationToken).ConfigureAwait(false));

    private async Task<IReadOnlyList<ManifestTarget>> ResolveAsync(CancellationToken cancellationToken) =>
        await ManifestTarget.ResolveAsync(
            _session,
            await ManifestFiles.ReadAsync(_request.Paths, _reader, cancellationToken).ConfigureAwait(false),
            _request.Namespace,
            cancellationToken).ConfigureAwait(false);
}
