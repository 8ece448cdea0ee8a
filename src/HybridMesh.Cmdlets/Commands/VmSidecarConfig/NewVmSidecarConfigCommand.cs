using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>New-VmSidecarConfig</c>: what a VM's sidecar needs to join the mesh, as the files istioctl makes.
/// </summary>
[Cmdlet(VerbsCommon.New, "VmSidecarConfig", SupportsShouldProcess = true, DefaultParameterSetName = AppSet)]
[OutputType(typeof(VmSidecarConfig))]
public sealed class NewVmSidecarConfigCommand : FanOutCmdlet
{
    private const string AppSet = "App";
    private const string ServiceSet = "Service";
    private const string PathSet = "Path";
    private const string GroupSet = "WorkloadGroup";
    private const string PipedGroupSet = "PipedWorkloadGroup";

    private readonly List<SidecarConfigRequest> _requests = [];
    private readonly List<MeshVm> _vms = [];
    private string? _namespace;

    /// <summary>
    /// The app on VMs whose labels, ports and service account the files carry: what New-MeshVmApp gives.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = AppSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public MeshVmApp? VmApp { get; set; }

    /// <summary>The name of a registered app on VMs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServiceSet)]
    [PlainText]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string ServiceName { get; set; } = "";

    /// <summary>A WorkloadGroup's manifest file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [FullPath]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>A WorkloadGroup as New-WorkloadGroup gives it, or the name of a live one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = GroupSet)]
    [WorkloadGroupTransform]
    [ValidateNotNull]
    public WorkloadGroup? WorkloadGroup { get; set; }

    /// <summary>WorkloadGroups of the pipeline.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PipedGroupSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public WorkloadGroup? InputObject { get; set; }

    /// <summary>
    /// The VMs, each of which gets files of its own. Without any the files are for no VM in particular.
    /// </summary>
    [Parameter(ParameterSetName = AppSet)]
    [Parameter(ParameterSetName = ServiceSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = PathSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = GroupSet, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = PipedGroupSet)]
    [MeshVmTransform]
    public MeshVm[] Vm { get; set; } = [];

    /// <summary>
    /// The folder to write the files to, with a folder in it for each VM. The default is to write none.
    /// </summary>
    [Parameter]
    [FullPath]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>The cluster's id. The default is what the sidecar injector's configuration says.</summary>
    [Parameter]
    [PlainText]
    public string? ClusterId { get; set; }

    /// <summary>How long the token is to last. The default is an hour.</summary>
    [Parameter]
    [PlainText]
    [DurationTransform]
    public TimeSpan TokenDuration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The Service istiod is reached at, as name or name.namespace. The default is istio-eastwestgateway.
    /// </summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string IngressService { get; set; } = "istio-eastwestgateway";

    /// <summary>
    /// The address istiod is reached at. The default is that of IngressService; an empty text keeps the hosts file
    /// empty.
    /// </summary>
    [Parameter]
    [PlainText]
    [AllowEmptyString]
    public string? IngressIP { get; set; }

    /// <summary>Lets istiod make the WorkloadEntry when the sidecar connects.</summary>
    [Parameter]
    public SwitchParameter AutoRegister { get; set; }

    /// <summary>
    /// Whether the agent answers the VM's DNS queries. The default is true; with false the mesh's configuration decides.
    /// </summary>
    [Parameter]
    [PlainText]
    public bool CaptureDns { get; set; } = true;

    /// <summary>The VM's address in its network. The default is the VM's Address.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string? InternalIP { get; set; }

    /// <summary>The VM's address outside of its network, instead of InternalIP.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string? ExternalIP { get; set; }

    /// <summary>istiod's revision. The default is the default one.</summary>
    [Parameter]
    [PlainText]
    public string? Revision { get; set; }

    /// <summary>Where the contents come from: Istio (the default), or Asm, by GetVmMeta.</summary>
    [Parameter]
    [PlainText]
    public MeshProvider Provider { get; set; } = MeshProvider.Istio;

    /// <summary>
    /// A file with the mesh's configuration, or its ConfigMap's manifest, instead of the live ConfigMap.
    /// </summary>
    [Parameter]
    [FullPath]
    [ValidateNotNullOrEmpty]
    public string? MeshConfigPath { get; set; }

    /// <summary>A file with the root certificate, instead of the live ConfigMap.</summary>
    [Parameter]
    [FullPath]
    [ValidateNotNullOrEmpty]
    public string? RootCertPath { get; set; }

    /// <summary>A file with the token, instead of a new one.</summary>
    [Parameter]
    [FullPath]
    [ValidateNotNullOrEmpty]
    public string? TokenPath { get; set; }

    /// <inheritdoc/>
    protected override Task BeginAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        InternalIP is not null && ExternalIP is not null
            ? throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                "-InternalIP and -ExternalIP exclude each other: the sidecar has one address; leave one of them out.",
                ExternalIP)
            : Task.CompletedTask;

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        _vms.AddRange(Vm);
        _namespace ??= Namespace;
        if (ParameterSetName is AppSet or PipedGroupSet)
        {
            _requests.Add(Request with { App = VmApp, WorkloadGroup = InputObject, Vms = Vm });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        // A pipeline that gave no VM asks for no files; without a pipeline they are for no VM in particular.
        if (ParameterSetName is not (AppSet or PipedGroupSet) && (_vms.Count > 0 || !MyInvocation.ExpectingInput))
        {
            bool isLive = WorkloadGroup is { Namespace: "" };
            _requests.Add(Request with
            {
                Namespace = _namespace,
                Path = ParameterSetName == PathSet ? Path : null,
                ServiceName = ParameterSetName == ServiceSet ? ServiceName : null,
                WorkloadGroupName = isLive ? WorkloadGroup!.Name : null,
                WorkloadGroup = isLive ? null : WorkloadGroup,
                Vms = _vms,
            });
        }

        LazySession session = new(token => GetSessionAsync(writer, token));
        foreach (SidecarConfigRequest request in _requests)
        {
            SidecarConfigMaker maker =
                new(request, session, Runtime.Yaml, writer, Runtime.Clock, Runtime.ResolveHost);
            await foreach (VmSidecarConfig config in maker.MakeAsync(cancellationToken))
            {
                await writer.WriteAsync(config);
            }
        }
    }

    private SidecarConfigRequest Request => new()
    {
        Namespace = Namespace,
        Provider = Provider,
        ClusterId = ClusterId,
        TokenDuration = TokenDuration,
        IngressService = IngressService,
        IngressIP = IngressIP,
        AutoRegister = AutoRegister,
        CaptureDns = CaptureDns,
        InternalIP = InternalIP,
        ExternalIP = ExternalIP,
        Revision = Revision,
        MeshConfigPath = MeshConfigPath,
        RootCertPath = RootCertPath,
        TokenPath = TokenPath,
        OutputPath = OutputPath,
        FanOut = FanOutOptions,
    };
}
