using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Set-WorkloadEntryVersion</c>: sets the version label that DestinationRule subsets select on, and nothing else.
/// </summary>
[Cmdlet(VerbsCommon.Set, "WorkloadEntryVersion", SupportsShouldProcess = true)]
[OutputType(typeof(WorkloadEntry))]
public sealed class SetWorkloadEntryVersionCommand : FanOutCmdlet
{
    private readonly List<(PSObject Item, string? Version, string? Namespace)> _items = [];

    /// <summary>The version. The default is each object's own.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string? Version { get; set; }

    /// <summary>The service whose entries are meant, where a VM has entries of several.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string? ServiceName { get; set; }

    /// <summary>
    /// WorkloadEntry objects, VMs, or anything with Address (and Version): rows of a CSV file, hashtables, addresses.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        _items.AddRange(InputObject.Select(item => (item, string.IsNullOrEmpty(Version) ? null : Version, Namespace)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        List<WorkloadVersionRequest> requests = [];
        foreach ((PSObject item, string? version, string? ns) in _items)
        {
            try
            {
                requests.Add(WorkloadTarget.Read(item, version, ns ?? session.Connection.Namespace));
            }
            catch (MeshException e)
            {
                await writer.WriteErrorAsync(e, item);
            }
        }

        WorkloadVersionSetter setter = new(session, writer, FanOutOptions);
        await foreach (WorkloadEntry entry in setter.SetAsync(requests, ServiceName, cancellationToken))
        {
            await writer.WriteAsync(entry);
        }
    }
}
