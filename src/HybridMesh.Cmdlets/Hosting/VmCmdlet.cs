using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Base of cmdlets whose pipeline is VMs: ProcessRecord collects them with the parameters bound to each, EndProcessing
/// works on many at a time.
/// </summary>
public abstract class VmCmdlet : RemoteCmdlet
{
    /// <summary>
    /// The VMs: objects of Import-MeshVm, rows of Import-Csv, hashtables, or any object with VmName or Name, Address,
    /// SshHost and so on.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [MeshVmTransform]
    public MeshVm[] Vm { get; set; } = [];
}
