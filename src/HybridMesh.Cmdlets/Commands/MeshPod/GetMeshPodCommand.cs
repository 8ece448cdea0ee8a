using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Get-MeshPod</c>: lists pods of the data plane.</summary>
[Cmdlet(VerbsCommon.Get, "MeshPod")]
[OutputType(typeof(MeshPod))]
public sealed class GetMeshPodCommand : ConnectedCmdlet
{
    /// <summary>Names or patterns. A name without wildcards must exist.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PlainText]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>A label selector, as text (<c>app=hello1,version in (v1,v2)</c>) or as a hashtable of labels.</summary>
    [Parameter]
    [LabelSelector]
    public string? Label { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken).ConfigureAwait(false);
        string ns = NamespaceIn(session);
        writer.Verbose($"Reading pods of namespace {ns} at {session.DataPlane.Server}.");
        await NamedOutput.WriteAsync(
            writer, Name,
            WorkloadQuery.PodsAsync(session, ns, NamePattern.Any(Name), Label, cancellationToken), pod => pod.Name,
            name => WorkloadQuery.Missing(session, KubernetesKind.Pod, ns, name)).ConfigureAwait(false);
    }
}
