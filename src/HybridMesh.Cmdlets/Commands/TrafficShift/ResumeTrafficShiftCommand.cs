using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Resume-TrafficShift</c>: goes on with a shift that was cut off.</summary>
[Cmdlet(VerbsLifecycle.Resume, "TrafficShift", SupportsShouldProcess = true)]
[OutputType(typeof(TrafficShiftStep))]
public sealed class ResumeTrafficShiftCommand : ProgressiveShiftCmdlet
{
    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        RunAsync(
            writer,
            (shift, session) => shift.ResumeAsync(NamespaceIn(session), VirtualService, Check, cancellationToken),
            cancellationToken);
}
