using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Base of the cmdlets that shift traffic in steps: how each step is measured and judged.</summary>
public abstract class ProgressiveShiftCmdlet : ConnectedCmdlet
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

    /// <summary>
    /// The URL to send requests to. May be left out when the namespace's Gateway and VirtualServices leave one entry.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Uri? Uri { get; set; }

    /// <summary>How many attributed answers each step collects. The default is as many as its verdict needs.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 100_000_000)]
    public int? Count { get; set; }

    /// <summary>How long each step sends requests: seconds, or a text such as <c>30s</c>.</summary>
    [Parameter]
    [DurationTransform]
    public TimeSpan? Duration { get; set; }

    /// <summary>How many requests are under way at a time. The default is 8.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 10_000)]
    public int Concurrency { get; set; } = 8;

    /// <summary>How many requests are begun per second. The default is as many as the connections take.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(0.001, 1e6)]
    public double? Rate { get; set; }

    /// <summary>Opens a connection for each request instead of keeping connections.</summary>
    [Parameter]
    public SwitchParameter NewConnection { get; set; }

    /// <summary>HTTP's version: 1.1 or 2. The default is 1.1; gRPC takes 2.</summary>
    [Parameter]
    [PlainText]
    [ValidateSet("1.1", "2")]
    public string HttpVersion { get; set; } = "1.1";

    /// <summary>
    /// The message of a gRPC call, such as <c>@{ name = 'eric' }</c>. The default is the empty message.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Message { get; set; }

    /// <summary>Headers to send.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Header { get; set; }

    /// <summary>A regular expression per version that matches its answers.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? VersionPattern { get; set; }

    /// <summary>The response header that names the version.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string? VersionHeader { get; set; }

    /// <summary>How long one request may take, in seconds. The default is 10.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 10;

    /// <summary>The probability of calling a right split wrong, per step. The default is 0.001.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1e-9, 0.5)]
    public double Alpha { get; set; } = 0.001;

    /// <summary>The shift between two versions to notice, in percentage points. The default is 5.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(TrafficShiftRequest.MinTolerance, 50.0)]
    public double Tolerance { get; set; } = 5;

    /// <summary>How long to wait until new weights are seen in force: <c>30s</c>, which is the default.</summary>
    [Parameter]
    [DurationTransform]
    public TimeSpan SettleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The check with every parameter that was given on the command line put into it.</summary>
    private protected ShiftCheck Check(ShiftCheck check)
    {
        TrafficShiftRequest measurement = check.Measurement;
        return check with
        {
            Limits = new ShiftLimits
            {
                MaxErrorRate = Given(nameof(MaxErrorRate), MaxErrorRate, check.Limits.MaxErrorRate),
                MaxP99 = MaxP99 ?? check.Limits.MaxP99,
                MaxP99Ratio = MaxP99Ratio ?? check.Limits.MaxP99Ratio,
            },
            SettleTimeout = Given(nameof(SettleTimeout), SettleTimeout, check.SettleTimeout),
            Measurement = measurement with
            {
                Uri = Uri ?? measurement.Uri,
                Count = Count ?? measurement.Count,
                Duration = Duration ?? measurement.Duration,
                Concurrency = Given(nameof(Concurrency), Concurrency, measurement.Concurrency),
                Rate = Rate ?? measurement.Rate,
                NewConnection = Given(nameof(NewConnection), NewConnection.IsPresent, measurement.NewConnection),
                HttpVersion = Given(
                    nameof(HttpVersion), new Version(HttpVersion == "2" ? "2.0" : HttpVersion),
                    measurement.HttpVersion),
                Message = TableReader.Values(Message) ?? measurement.Message,
                Headers = TableReader.Texts(Header, nameof(Header))?.ToDictionary(StringComparer.OrdinalIgnoreCase)
                    ?? measurement.Headers,
                VersionPattern = TableReader.Texts(VersionPattern, nameof(VersionPattern))
                    ?? measurement.VersionPattern,
                VersionHeader = VersionHeader ?? measurement.VersionHeader,
                Timeout = Given(nameof(TimeoutSec), TimeSpan.FromSeconds(TimeoutSec), measurement.Timeout),
                Alpha = Given(nameof(Alpha), Alpha, measurement.Alpha),
                Tolerance = Given(nameof(Tolerance), Tolerance, measurement.Tolerance),
            },
        };
    }

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

    private T Given<T>(string parameter, T given, T otherwise) =>
        MyInvocation.BoundParameters.ContainsKey(parameter) ? given : otherwise;
}
