using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Undo-TrafficShift</c>: restores the weights from before a shift that was cut off.</summary>
[Cmdlet(VerbsCommon.Undo, "TrafficShift", SupportsShouldProcess = true)]
[OutputType(typeof(TrafficShift))]
public sealed class UndoTrafficShiftCommand : ConnectedCmdlet
{
    /// <summary>The VirtualService.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VirtualServiceCompleter))]
    public string VirtualService { get; set; } = "";

    /// <summary>Overwrites weights that somebody else set since.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        ShiftEvents events = new(writer, writer.WriteAsync, (_, _) => { });
        try
        {
            if (await new ProgressiveShift(session, Runtime.Load, Runtime.Clock, events)
                .UndoAsync(NamespaceIn(session), VirtualService, Force, cancellationToken) is { } shift)
            {
                await writer.WriteAsync(shift);
            }
        }
        catch (MeshException e)
        {
            await writer.WriteErrorAsync(e, e.ErrorTarget ?? VirtualService);
        }
    }
}
