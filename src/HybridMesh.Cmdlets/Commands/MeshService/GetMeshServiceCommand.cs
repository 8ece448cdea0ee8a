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
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[]? ServiceName { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken).ConfigureAwait(false);
        string ns = NamespaceIn(session);
        writer.Verbose($"Reading Services of namespace {ns} at {session.DataPlane.Server}.");
        await NamedOutput.WriteAsync(
            writer, ServiceName,
            WorkloadQuery.ServicesAsync(session, ns, NamePattern.Any(ServiceName), cancellationToken),
            service => service.ServiceName,
            name => WorkloadQuery.Missing(session, KubernetesKind.Service, ns, name)).ConfigureAwait(false);
    }
}
