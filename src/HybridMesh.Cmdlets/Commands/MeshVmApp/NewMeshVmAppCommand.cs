using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>New-MeshVmApp</c>: registers an app that runs on VMs, so that pods find it by one name. Run again it converges.
/// </summary>
[Cmdlet(VerbsCommon.New, "MeshVmApp", SupportsShouldProcess = true)]
[OutputType(typeof(MeshVmApp))]
public sealed class NewMeshVmAppCommand : FanOutCmdlet
{
    private readonly Dictionary<string, List<MeshVm>> _vms = new(StringComparer.Ordinal);

    /// <summary>The service's short name, such as hello2-svc.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [PlainText]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string ServiceName { get; set; } = "";

    /// <summary>The ports, each as protocol:number, such as http:8001.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [PlainText]
    public string[] Port { get; set; } = [];

    /// <summary>
    /// The labels the service selects its WorkloadEntries by; every entry carries them. The default is app and the
    /// service's name.
    /// </summary>
    [Parameter]
    [PlainText]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    /// <summary>The service account the app runs as on every VM. The default is the VMs' own.</summary>
    [Parameter]
    [PlainText]
    public string? ServiceAccount { get; set; }

    /// <summary>Annotations of the Service.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNull]
    public IDictionary Annotation { get; set; } = new Hashtable();

    /// <summary>
    /// The VMs: objects of Import-MeshVm, rows with the columns Name and Address, hashtables, or addresses as text.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [MeshVmTransform(AcceptsAddress = true)]
    public MeshVm[] Vm { get; set; } = [];

    /// <summary>Addresses of VMs of which nothing else is known.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    /// <summary>
    /// Who makes the objects: Istio, this module itself (the default), or Asm, by Alibaba Cloud's API.
    /// </summary>
    [Parameter]
    [PlainText]
    public MeshProvider Provider { get; set; } = MeshProvider.Istio;

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        Of(Namespace ?? "").AddRange(Vm);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        MeshPort[] ports = [.. Port.Select(MeshPort.Parse)];
        if (Address.Length > 0 || _vms.Count == 0)
        {
            Of(Namespace ?? "").AddRange(Address.Select(address => new MeshVm { Name = address, Address = address }));
        }

        VmAppRegistrar registrar = new(session, writer);
        foreach ((string ns, List<MeshVm> vms) in _vms)
        {
            VmAppRequest request = new()
            {
                Namespace = ns.Length > 0 ? ns : session.Connection.Namespace,
                ServiceName = ServiceName,
                Ports = ports,
                Labels = StringMap.From(Label),
                Annotations = StringMap.From(Annotation),
                ServiceAccount = ServiceAccount,
                Vms = vms,
                ThrottleLimit = ThrottleLimit,
                Timeout = FanOutOptions.Timeout,
            };
            if (await registrar.RegisterAsync(request, Provider, cancellationToken) is { } app)
            {
                await writer.WriteAsync(app);
            }
        }
    }

    private List<MeshVm> Of(string ns)
    {
        if (!_vms.TryGetValue(ns, out List<MeshVm>? vms))
        {
            _vms[ns] = vms = [];
        }

        return vms;
    }
}
