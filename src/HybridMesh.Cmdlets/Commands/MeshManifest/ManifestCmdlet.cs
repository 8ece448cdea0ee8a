using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Yaml;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Base of the manifest cmdlets: collects all paths first, because objects of one file may need another's.
/// </summary>
public abstract class ManifestCmdlet : ConnectedCmdlet
{
    private readonly List<string> _paths = [];
    private string? _namespace;

    /// <summary>Manifest files (.yaml, .yml, .json) or folders of them; wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    [FullPath(Wildcards = true)]
    public string[] Path { get; set; } = [];

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        _paths.AddRange(Path);
        _namespace ??= Namespace;
        return Task.CompletedTask;
    }

    private protected ManifestPublisher Publisher(MeshSession session, bool force) => new(
        session,
        new ManifestRequest
        {
            Paths = _paths,
            Namespace = _namespace ?? session.Connection.Namespace,
            Force = force,
        },
        new YamlManifestReader());
}
