using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Add-VmHostRecord</c>: lets VMs resolve the name of a Service, or any name, by their hosts file.
/// </summary>
[Cmdlet(VerbsCommon.Add, "VmHostRecord", SupportsShouldProcess = true, DefaultParameterSetName = ServiceSet)]
[OutputType(typeof(VmHostRecord))]
public sealed class AddVmHostRecordCommand : VmCmdlet
{
    private const string ServiceSet = "Service";
    private const string HostSet = "Host";

    private readonly List<VmRequest<HostRecordSource>> _requests = [];

    /// <summary>The Service whose full name and ClusterIP are recorded.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ServiceSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string ServiceName { get; set; } = "";

    /// <summary>The host name to record.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HostSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string HostName { get; set; } = "";

    /// <summary>The address of the host name.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HostSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string IPAddress { get; set; } = "";

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        HostRecordSource source = ParameterSetName == ServiceSet
            ? HostRecordSource.OfService(ServiceName, Namespace)
            : HostRecordSource.Of(new HostRecord(HostName, IPAddress));
        _requests.AddRange(Vm.Select(vm => new VmRequest<HostRecordSource>(vm, source)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        // A service is looked up once, however many VMs get its record; without services no mesh is needed.
        MeshSession? session = _requests.Exists(item => item.Request.NeedsLookUp)
            ? await GetSessionAsync(writer, cancellationToken)
            : null;
        IReadOnlyDictionary<HostRecordSource, HostRecord> records = await HostRecordSource.LookUpAsync(
            session, [.. _requests.Select(item => item.Request)], cancellationToken);
        await FanOutAsync(
            writer, VmRequest.PerVm(_requests), "Adding host records",
            (turn, sources, token) => VmHostRecords.AddAsync(
                turn.Shell, [.. sources.Select(source => records[source]).Distinct()], turn.Guard, token),
            cancellationToken);
    }
}
