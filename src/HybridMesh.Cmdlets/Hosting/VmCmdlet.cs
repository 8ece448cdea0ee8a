using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Base of cmdlets that work on VMs over SSH: collects the pipeline's VMs and, once all are known, works on many at a
/// time. One VM's failure is one error record whose target is that VM; the rest go on.
/// </summary>
public abstract class VmCmdlet : ConnectedCmdlet
{
    /// <summary>
    /// The VMs: objects of Import-MeshVm, rows of Import-Csv, hashtables, or any object with VmName or Name, Address,
    /// SshHost and so on.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [MeshVmTransform]
    public MeshVm[]? Vm { get; set; }

    /// <summary>How many VMs are worked on at a time. The default is 32.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>How long one VM may take, in seconds. The default is 60.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 60;

    /// <summary>What to do with host keys that are not known. The default is the connection's, else Strict.</summary>
    [Parameter]
    public HostKeyPolicy? HostKeyPolicy { get; set; }

    /// <summary>A user and password for VMs that take no key.</summary>
    [Parameter]
    public PSCredential? Credential { get; set; }

    /// <summary>The bounds of the fan-out, as the parameters say.</summary>
    private protected FanOutOptions FanOutOptions => new(ThrottleLimit, TimeSpan.FromSeconds(TimeoutSec));

    /// <summary>How to connect, as the parameters say.</summary>
    private protected SshOptions SshOptions(MeshConnection? connection) => new()
    {
        HostKeyPolicy = HostKeyPolicy ?? connection?.HostKeyPolicy ?? Core.HostKeyPolicy.Strict,
        Credential = Credential?.GetNetworkCredential(),
    };
}
