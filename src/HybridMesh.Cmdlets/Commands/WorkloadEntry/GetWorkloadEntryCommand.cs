using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Get-WorkloadEntry</c>: the VMs' endpoints as the mesh knows them.</summary>
[Cmdlet(VerbsCommon.Get, "WorkloadEntry")]
[OutputType(typeof(WorkloadEntry))]
public sealed class GetWorkloadEntryCommand : ConnectedCmdlet
{
    private readonly Dictionary<string, List<WorkloadEntryFilter>> _filters = new(StringComparer.Ordinal);

    /// <summary>Services whose ServiceEntry selects the entry; wildcards are allowed. The default is all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[]? ServiceName { get; set; }

    /// <summary>The VMs' addresses; wildcards are allowed. The default is all.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[]? Address { get; set; }

    /// <summary>The versions; wildcards are allowed, and '' means without version. The default is all.</summary>
    // Not from the pipeline: VMs piped in ask what the mesh says of them, also where it says another version.
    [Parameter]
    [PlainText]
    [SupportsWildcards]
    [AllowEmptyString]
    public string[]? Version { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        if (!_filters.TryGetValue(Namespace ?? "", out List<WorkloadEntryFilter>? filters))
        {
            _filters[Namespace ?? ""] = filters = [];
        }

        filters.Add(new WorkloadEntryFilter(
            NamePattern.Any(ServiceName), NamePattern.AnyAddress(Address), NamePattern.Any(Version)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        foreach ((string ns, List<WorkloadEntryFilter> filters) in _filters)
        {
            string name = ns.Length > 0 ? ns : session.Connection.Namespace;
            writer.Verbose($"Reading namespace {name} of {session.ControlPlane.Server}.");
            await foreach (WorkloadEntry entry in WorkloadEntryReader.ListAsync(
                session, name, filters, cancellationToken))
            {
                await writer.WriteAsync(entry);
            }
        }
    }
}
