using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Install-VmSidecar</c>: delivers the bootstrap files to VMs and starts the sidecar there; all of it, or the VM
/// stays as it was.
/// </summary>
[Cmdlet(VerbsLifecycle.Install, "VmSidecar", SupportsShouldProcess = true, DefaultParameterSetName = ConfigSet)]
[OutputType(typeof(VmSidecar))]
public sealed class InstallVmSidecarCommand : RemoteCmdlet
{
    private const string ConfigSet = "Config";
    private const string PathSet = "Path";

    private readonly List<VmRequest<SidecarInstallRequest>> _requests = [];
    private SidecarPackage? _package;

    /// <summary>Starts with more time than other commands, because a package may have to be fetched.</summary>
    public InstallVmSidecarCommand() => TimeoutSec = 300;

    /// <summary>The files, as New-VmSidecarConfig makes them for VMs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ConfigSet)]
    [ValidateNotNull]
    public VmSidecarConfig[] Config { get; set; } = [];

    /// <summary>The VMs, whose files lie in -Path.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [MeshVmTransform]
    public MeshVm[] Vm { get; set; } = [];

    /// <summary>
    /// The folder that New-VmSidecarConfig -OutputPath made, with a sub-folder of each VM's name; or one VM's own.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [FullPath]
    public string Path { get; set; } = "";

    /// <summary>
    /// How the sidecar runs: as the service of Istio's package (the default), or as a container of -Image.
    /// </summary>
    [Parameter]
    [PlainText]
    public SidecarMethod Method { get; set; }

    /// <summary>
    /// Istio's package, to be installed where that version is not: a .deb or .rpm file here, which is sent to the VMs,
    /// or an http(s) URL, from which each VM fetches it.
    /// </summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string? Package { get; set; }

    /// <summary>The image, with the method Container. The default is that of ASM's VM proxy.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string? Image { get; set; }

    /// <summary>How long a sidecar may take until it is ready, in seconds. The default is 60.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 3600)]
    public int WaitSec { get; set; } = 60;

    /// <inheritdoc/>
    protected override Task BeginAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        if (Package is not null && Method == SidecarMethod.Container)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"-Package '{Package}' and -Method Container exclude each other: the image brings the sidecar along. "
                + "Leave one of them out.",
                Package);
        }

        if (Image is not null && Method == SidecarMethod.Package)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"-Image '{Image}' and -Method Package, the default, exclude each other: Istio's package brings the "
                + "sidecar along. Give -Method Container, or leave -Image out.",
                Image);
        }

        _package = Package is null ? null
            : SidecarPackage.Parse(Package.Contains("://", StringComparison.Ordinal) ? Package : ResolveFile(Package));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        foreach (MeshVm vm in Vm)
        {
            try
            {
                Add(SidecarConfigFolder.Read(Path, vm));
            }
            catch (MeshException e)
            {
                await writer.WriteErrorAsync(e, vm);
            }
        }

        foreach (VmSidecarConfig config in Config)
        {
            Add(config);
        }
    }

    /// <inheritdoc/>
    protected override Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken) => FanOutAsync(
        writer, _requests, "Installing sidecars",
        async (turn, request, token) => OneOrNone(
            await SidecarInstaller.InstallAsync(turn.Shell, request, Runtime.Clock, turn.Guard, token)),
        cancellationToken);

    private void Add(VmSidecarConfig config) => _requests.Add(new(config.NeedVm(), new SidecarInstallRequest
    {
        Config = config,
        Method = Method,
        Package = _package,
        Image = Image ?? SidecarPlaces.DefaultImage,
        Wait = TimeSpan.FromSeconds(WaitSec),
    }));
}
