using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>New-WorkloadGroup</c>: what like VMs have in common, live in the mesh or as a manifest.</summary>
[Cmdlet(VerbsCommon.New, "WorkloadGroup", SupportsShouldProcess = true)]
[OutputType(typeof(WorkloadGroup))]
public sealed class NewWorkloadGroupCommand : ConnectedCmdlet
{
    /// <summary>The group's name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The labels its workloads get.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    /// <summary>The annotations its workloads get.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNull]
    public IDictionary Annotation { get; set; } = new Hashtable();

    /// <summary>The ports, each as protocol:number, such as http:8001.</summary>
    [Parameter]
    [PlainText]
    public string[] Port { get; set; } = [];

    /// <summary>The service account its workloads run as. The default is default.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string ServiceAccount { get; set; } = "default";

    /// <summary>The Istio network.</summary>
    [Parameter]
    [PlainText]
    public string? Network { get; set; }

    /// <summary>The locality, region/zone/subzone.</summary>
    [Parameter]
    [PlainText]
    public string? Locality { get; set; }

    /// <summary>The endpoints' weight.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(0, int.MaxValue)]
    public int Weight { get; set; }

    /// <summary>The manifest file to write. The default is to make the group in the mesh.</summary>
    [Parameter]
    [FullPath]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        WorkloadGroupWriter groups = new(writer);
        WorkloadGroup? done;
        if (Path is not null && (Namespace ?? Runtime.CurrentNamespace(Connection)) is { } ns)
        {
            done = await groups.SaveAsync(Group(ns), Path, Runtime.Yaml, cancellationToken);
        }
        else
        {
            MeshSession session = await GetSessionAsync(writer, cancellationToken);
            WorkloadGroup group = Group(NamespaceIn(session));
            done = Path is null
                ? await groups.ApplyAsync(session, group, cancellationToken)
                : await groups.SaveAsync(group, Path, Runtime.Yaml, cancellationToken);
        }

        if (done is not null)
        {
            await writer.WriteAsync(done);
        }
    }

    private WorkloadGroup Group(string ns) => new()
    {
        Namespace = ns,
        Name = Name,
        Labels = StringMap.From(Label),
        Annotations = StringMap.From(Annotation),
        Ports = [.. Port.Select(MeshPort.Parse)],
        ServiceAccount = ServiceAccount,
        Network = Network,
        Locality = Locality,
        Weight = Weight == 0 ? null : Weight,
    };
}
