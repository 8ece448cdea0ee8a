using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Get-MeshService</c>: lists Services of the data plane.</summary>
[Cmdlet(VerbsCommon.Get, "MeshService")]
[OutputType(typeof(MeshService))]
public sealed class GetMeshServiceCommand : ConnectedCmdlet
{
    /// <summary>Names or patterns. A name without wildcards must exist.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? ServiceName { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken).ConfigureAwait(false);
        await NamePatterns.WriteAsync(
            ServiceName,
            (name, isMatch) => WorkloadQuery.ServicesAsync(
                session, NamespaceIn(session), name, isMatch, cancellationToken),
            writer).ConfigureAwait(false);
    }
}
