using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Get-VmHostRecord</c>: the host records HybridMesh wrote on VMs, and those of others that hide names of the mesh.
/// </summary>
[Cmdlet(VerbsCommon.Get, "VmHostRecord", DefaultParameterSetName = NamedVmHostRecordCmdlet.AllSet)]
[OutputType(typeof(VmHostRecord))]
public sealed class GetVmHostRecordCommand : NamedVmHostRecordCmdlet
{
    /// <inheritdoc/>
    protected override Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken) => FanOutAsync(
        writer, VmRequest.PerVm(Requests), "Reading host records",
        (turn, names, token) => VmHostRecords.GetAsync(turn.Shell, OnlyNamed(names), token),
        cancellationToken);
}
