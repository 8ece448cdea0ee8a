using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Measure-TrafficShift</c>: sends requests, tells which version answered each, and judges whether the split is what
/// the VirtualService asks for.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "TrafficShift")]
[OutputType(typeof(TrafficShiftResult))]
public sealed class MeasureTrafficShiftCommand : TrafficMeasuringCmdlet
{
    /// <inheritdoc/>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public override Uri? Uri { get; set; }

    /// <summary>
    /// The VirtualService to measure. The default is the only one of the namespace that splits traffic.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VirtualServiceCompleter))]
    public string? VirtualService { get; set; }

    /// <summary>
    /// The http route, by name or by its place from 0 on. The default is the one that takes the URL.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteCompleter))]
    public string? Route { get; set; }

    /// <summary>
    /// The weights expected, such as <c>@{ v1 = 30; v2 = 60; v3 = 10 }</c>. The default is the route's own.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Expect { get; set; }

    /// <summary>
    /// How long to send requests before any counts: seconds, or a text such as <c>5s</c>. The default is 0.
    /// </summary>
    [Parameter]
    [DurationTransform]
    public TimeSpan WarmUp { get; set; }

    /// <summary>
    /// Looks after every answer and stops as soon as the split is proved wrong; a split that fits goes on to
    /// <c>-Count</c>. Alpha holds for both together.
    /// </summary>
    [Parameter]
    public SwitchParameter UntilDecided { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        TrafficShiftRequest request = Request();
        request.Validate();
        MeshSession? session = request.NeedsMesh ? await GetSessionAsync(writer, cancellationToken) : null;
        await using StepProgress progress = new(writer, "Measuring the traffic split");
        TrafficShiftResult result = await new TrafficMeasurement(Runtime.Load, Runtime.Clock).RunAsync(
            session,
            session is null ? null : NamespaceIn(session),
            request,
            new MeasurementEvents(writer.Verbose, writer.Warning, progress.Report),
            cancellationToken);
        await writer.WriteAsync(result);
    }

    private TrafficShiftRequest Request() => Measured(new TrafficShiftRequest()) with
    {
        VirtualService = VirtualService,
        Route = Route,
        Expect = TableReader.Numbers(Expect, nameof(Expect)),
        WarmUp = WarmUp,
        UntilDecided = UntilDecided,
    };
}
