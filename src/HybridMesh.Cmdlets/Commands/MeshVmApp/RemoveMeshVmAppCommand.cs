using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Remove-MeshVmApp</c>: undoes exactly what New-MeshVmApp made.</summary>
[Cmdlet(VerbsCommon.Remove, "MeshVmApp", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MeshVmApp))]
public sealed class RemoveMeshVmAppCommand : FanOutCmdlet
{
    /// <summary>The services' names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] ServiceName { get; set; } = [];

    /// <summary>
    /// Who removes the objects: Istio, this module itself (the default), or Asm, by Alibaba Cloud's API.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public MeshProvider? Provider { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        VmAppRemover remover = new(session, writer, FanOutOptions);
        foreach (string name in ServiceName)
        {
            if (await remover.RemoveAsync(NamespaceIn(session), name, Provider ?? MeshProvider.Istio, cancellationToken)
                is { } app)
            {
                await writer.WriteAsync(app);
            }
        }
    }
}
