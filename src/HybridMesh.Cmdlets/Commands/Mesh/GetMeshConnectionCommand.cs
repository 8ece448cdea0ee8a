using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Get-MeshConnection</c>: shows the connection, with the ingress address and ports as they are now.
/// </summary>
[Cmdlet(VerbsCommon.Get, "MeshConnection")]
[OutputType(typeof(MeshConnection))]
public sealed class GetMeshConnectionCommand : AsyncMeshCmdlet
{
    /// <summary>The connection to show. The default is the runspace's current one (see Connect-Mesh).</summary>
    [Parameter(ValueFromPipeline = true)]
    public MeshConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = Runtime.Session(Connection);
        writer.Verbose($"Reading the ingress gateway at {session.DataPlane.Server}.");
        await writer.WriteAsync(
            await MeshConnector.RefreshAsync(session, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
