using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Base of the cmdlets that shift traffic in steps: how each step is measured and judged.</summary>
public abstract class ProgressiveShiftCmdlet : TrafficMeasuringCmdlet
{
    /// <summary>The VirtualService.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VirtualServiceCompleter))]
    public string VirtualService { get; set; } = "";

    /// <summary>
    /// The part of the requests that may fail in a step: <c>1%</c>, or 0.01. The default is 1 %.
    /// </summary>
    [Parameter]
    [FractionTransform]
    public double MaxErrorRate { get; set; } = 0.01;

    /// <summary>
    /// The time within which 99 % of each version's answers must come: <c>200ms</c>, or seconds. The default is none.
    /// </summary>
    [Parameter]
    [DurationTransform]
    public TimeSpan? MaxP99 { get; set; }

    /// <summary>
    /// How many times the other versions' 99th percentile that of a version that gains traffic may be. The default is
    /// none.
    /// </summary>
    [Parameter]
    [PlainText]
    public double? MaxP99Ratio { get; set; }

    /// <summary>How long to wait until new weights are seen in force: <c>30s</c>, which is the default.</summary>
    [Parameter]
    [DurationTransform]
    public TimeSpan SettleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The check with every parameter that was given on the command line put into it.</summary>
    private protected ShiftCheck Check(ShiftCheck check) => check with
    {
        Limits = new ShiftLimits
        {
            MaxErrorRate = Given(nameof(MaxErrorRate), MaxErrorRate, check.Limits.MaxErrorRate),
            MaxP99 = MaxP99 ?? check.Limits.MaxP99,
            MaxP99Ratio = MaxP99Ratio ?? check.Limits.MaxP99Ratio,
        },
        SettleTimeout = Given(nameof(SettleTimeout), SettleTimeout, check.SettleTimeout),
        Measurement = Measured(check.Measurement),
    };

    /// <summary>
    /// Runs a shift and makes a failure the error of this VirtualService, so that others in the pipeline go on.
    /// </summary>
    private protected async Task RunAsync(
        PipelineWriter writer, Func<ProgressiveShift, MeshSession, Task> run, CancellationToken cancellationToken)
    {
        MeshSession session = await GetSessionAsync(writer, cancellationToken);
        await using StepProgress progress = new(writer, $"Shifting the traffic of {VirtualService}");
        try
        {
            await run(
                new ProgressiveShift(
                    session, Runtime.Load, Runtime.Clock, new ShiftEvents(writer, writer.WriteAsync, progress.Report)),
                session);
        }
        catch (MeshException e)
        {
            await writer.WriteErrorAsync(e, e.ErrorTarget ?? VirtualService);
        }
    }
}
