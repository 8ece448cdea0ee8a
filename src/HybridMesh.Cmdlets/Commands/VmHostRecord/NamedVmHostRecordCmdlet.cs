using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Base of the cmdlets that read or remove host records by name, or all of them.</summary>
public abstract class NamedVmHostRecordCmdlet : VmCmdlet
{
    private protected const string AllSet = "All";
    private const string ServiceSet = "Service";
    private const string HostSet = "Host";

    /// <summary>The Service whose full name is meant.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ServiceSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string ServiceName { get; set; } = "";

    /// <summary>The host name that is meant.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HostSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string HostName { get; set; } = "";

    /// <summary>The VMs, each with the name meant there; null means all names.</summary>
    private protected List<VmRequest<string?>> Requests { get; } = [];

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        string? name = ParameterSetName switch
        {
            HostSet => HostName,
            ServiceSet => ServiceHost.NameOf(
                ServiceName, Namespace ?? NamespaceIn(await GetSessionAsync(writer, cancellationToken))),
            _ => null,
        };
        Requests.AddRange(Vm.Select(vm => new VmRequest<string?>(vm, name)));
    }

    /// <summary>The names asked for on one VM; none when one of its objects meant all.</summary>
    private protected static IReadOnlyList<string> OnlyNamed(IReadOnlyList<string?> names) =>
        names.Contains(null) ? [] : [.. names.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
}
