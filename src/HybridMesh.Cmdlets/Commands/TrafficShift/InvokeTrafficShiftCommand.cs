using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Invoke-TrafficShift</c>: moves traffic in steps, measures each, and restores the weights when one does not hold.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "TrafficShift", SupportsShouldProcess = true)]
[OutputType(typeof(TrafficShiftStep))]
public sealed class InvokeTrafficShiftCommand : ProgressiveShiftCmdlet
{
    /// <summary>The http route, by name or by its place from 0 on. The default is the only one.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RouteCompleter))]
    public string? Route { get; set; }

    /// <summary>
    /// The steps, each with the share in percent of the versions it names; the others keep their proportions of the
    /// rest.
    /// </summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public IDictionary[] Step { get; set; } = [];

    /// <summary>Sends traffic to subsets without endpoints too, and does not ask the URL first.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken) =>
        RunAsync(
            writer,
            (shift, session) => shift.InvokeAsync(
                new ProgressiveShiftRequest
                {
                    Namespace = NamespaceIn(session),
                    VirtualService = VirtualService,
                    Route = string.IsNullOrEmpty(Route) ? null : Route,
                    Steps = [.. Step.Select(step => ShiftStepReader.Read(step, nameof(Step)))],
                    Check = Check(new ShiftCheck { Measurement = new TrafficShiftRequest() }),
                    Force = Force,
                },
                cancellationToken),
            cancellationToken);
}
