using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Remove-VmHostRecord</c>: takes back what Add-VmHostRecord wrote; without names, all of it.</summary>
[Cmdlet(VerbsCommon.Remove, "VmHostRecord", SupportsShouldProcess = true,
    DefaultParameterSetName = NamedVmHostRecordCmdlet.AllSet)]
[OutputType(typeof(VmHostRecord))]
public sealed class RemoveVmHostRecordCommand : NamedVmHostRecordCmdlet
{
    /// <inheritdoc/>
    protected override Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken) => FanOutAsync(
        writer, VmRequest.PerVm(Requests), "Removing host records",
        (turn, names, token) => VmHostRecords.RemoveAsync(turn.Shell, OnlyNamed(names), turn.Guard, token),
        cancellationToken);
}
