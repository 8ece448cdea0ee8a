using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Base of cmdlets that work on many VMs, or their objects in the mesh, at a time.</summary>
public abstract class FanOutCmdlet : ConnectedCmdlet
{
    /// <summary>How many VMs are worked on at a time. The default is 32.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>How long one VM may take, in seconds. The default is 60.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 60;

    /// <summary>The bounds of the fan-out, as the parameters say.</summary>
    private protected FanOutOptions FanOutOptions => new(ThrottleLimit, TimeSpan.FromSeconds(TimeoutSec));
}
