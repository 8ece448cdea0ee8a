using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Base of cmdlets that talk to a mesh.</summary>
public abstract class ConnectedCmdlet : AsyncMeshCmdlet
{
    /// <summary>The connection to use. The default is the runspace's current one (see Connect-Mesh).</summary>
    [Parameter]
    public MeshConnection? Connection { get; set; }

    /// <summary>The namespace. The default is the connection's.</summary>
    // An object of the pipeline may have none, as a sidecar that is absent; typed, an empty one is a slip.
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? Namespace
    {
        get;
        set => field = value is { Length: > 0 } ? value
            : HasBegun ? null
            : throw new ValidationMetadataException("The namespace is empty.");
    }

    /// <summary>
    /// The live session. Without a current one it is opened from kubeconfig defaults, as kubectl would.
    /// </summary>
    private protected Task<MeshSession> GetSessionAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        Runtime.SessionAsync(Connection, writer, cancellationToken);

    /// <summary>The namespace asked for, or the connection's.</summary>
    private protected string NamespaceIn(MeshSession session) => Namespace ?? session.Connection.Namespace;
}
