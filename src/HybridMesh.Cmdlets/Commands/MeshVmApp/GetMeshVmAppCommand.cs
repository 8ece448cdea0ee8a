using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Get-MeshVmApp</c>: the apps on VMs that are registered in a namespace.</summary>
[Cmdlet(VerbsCommon.Get, "MeshVmApp")]
[OutputType(typeof(MeshVmApp))]
public sealed class GetMeshVmAppCommand : ConnectedCmdlet
{
    /// <summary>The services' names; wildcards are allowed. The default is all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[]? ServiceName { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        string ns = NamespaceIn(session);
        writer.Verbose($"Reading the apps of namespace {ns} at {session.ControlPlane.Server}.");
        Func<string, bool> isWanted = NamePattern.Any(ServiceName) ?? (_ => true);
        HashSet<string> found = new(StringComparer.OrdinalIgnoreCase);
        await foreach (MeshVmApp app in VmAppReader.ListAsync(session, ns, isWanted, cancellationToken))
        {
            found.Add(app.ServiceName);
            await writer.WriteAsync(app);
        }

        foreach (string name in NamePattern.Literals(ServiceName).Where(name => !found.Contains(name)))
        {
            await writer.WriteErrorAsync(VmAppReader.NotFound(ns, name), name);
        }
    }
}
