using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Disconnect-Mesh</c>: closes a connection.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Mesh")]
public sealed class DisconnectMeshCommand : AsyncMeshCmdlet
{
    /// <summary>The connection to close. The default is every connection of the runspace.</summary>
    [Parameter(ValueFromPipeline = true)]
    public MeshConnection? Connection { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        Runtime.CloseAsync(Connection, writer.Verbose);
}
