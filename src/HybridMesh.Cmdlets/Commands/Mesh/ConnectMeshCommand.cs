using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Connect-Mesh</c>: connects this runspace to the two planes of a mesh.</summary>
[Cmdlet(VerbsCommunications.Connect, "Mesh", DefaultParameterSetName = KubeconfigSet)]
[OutputType(typeof(MeshConnection))]
public sealed class ConnectMeshCommand : AsyncMeshCmdlet
{
    private const string KubeconfigSet = "Kubeconfig";
    private const string LabSet = "Lab";

    /// <summary>The data plane's kubeconfig file. The default is $KUBECONFIG, else ~/.kube/config.</summary>
    [Parameter(Position = 0, ParameterSetName = KubeconfigSet)]
    [ValidateNotNullOrEmpty]
    [FullPath]
    public string? Kubeconfig { get; set; }

    /// <summary>The data plane's context. The default is the kubeconfig's current one.</summary>
    [Parameter(ParameterSetName = KubeconfigSet)]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string? Context { get; set; }

    /// <summary>
    /// The control plane's kubeconfig file. The default is the mesh's own with -MeshId, else the data plane's.
    /// </summary>
    [Parameter(ParameterSetName = KubeconfigSet)]
    [ValidateNotNullOrEmpty]
    [FullPath]
    public string? MeshKubeconfig { get; set; }

    /// <summary>The control plane's context. The default is its kubeconfig's current one.</summary>
    [Parameter(ParameterSetName = KubeconfigSet)]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string? MeshContext { get; set; }

    /// <summary>The namespace of commands that name none. The default is the data plane context's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string? Namespace { get; set; }

    /// <summary>The ASM instance's id: c and 32 hex digits.</summary>
    [Parameter(ParameterSetName = KubeconfigSet)]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string? MeshId { get; set; }

    /// <summary>The Alibaba Cloud region of the mesh.</summary>
    [Parameter(ParameterSetName = KubeconfigSet)]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string? Region { get; set; }

    /// <summary>
    /// The profile of <c>aliyun configure</c>. The default is the environment, else the current profile.
    /// </summary>
    [Parameter(ParameterSetName = KubeconfigSet)]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string? Profile { get; set; }

    /// <summary>The ASM API's URL. The default is https://servicemesh.aliyuncs.com; http only on loopback.</summary>
    [Parameter(ParameterSetName = KubeconfigSet)]
    [PlainText]
    public Uri? AsmEndpoint { get; set; }

    /// <summary>What VM commands do with host keys that are not known. The default is Strict.</summary>
    [Parameter]
    public HostKeyPolicy HostKeyPolicy { get; set; }

    /// <summary>Connects to the practice mesh that Start-MeshLab started.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LabSet)]
    public SwitchParameter Lab { get; set; }

    /// <summary>The lab's folder. The default is the lab of this runspace, else the user's default folder.</summary>
    [Parameter(ParameterSetName = LabSet)]
    [ValidateNotNullOrEmpty]
    [FullPath]
    public string? LabPath { get; set; }

    /// <summary>Writes the connection to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        ConnectMeshRequest where = Lab
            ? ConnectMeshRequest.ForLab(await Runtime.Lab.GetAsync(LabPath, cancellationToken).ConfigureAwait(false))
            : FromParameters();
        MeshSession session = await Runtime.ConnectAsync(
            where with { Namespace = Namespace, HostKeyPolicy = HostKeyPolicy }, writer, cancellationToken)
            .ConfigureAwait(false);
        if (PassThru)
        {
            await writer.WriteAsync(session.Connection).ConfigureAwait(false);
        }
    }

    private ConnectMeshRequest FromParameters() => new()
    {
        Kubeconfig = Kubeconfig,
        Context = Context,
        MeshKubeconfig = MeshKubeconfig,
        MeshContext = MeshContext,
        MeshId = MeshId,
        Asm = new AsmOptions { Endpoint = AsmEndpoint, Region = Region, Profile = Profile },
    };
}
