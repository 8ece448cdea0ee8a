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
public sealed class MeasureTrafficShiftCommand : ConnectedCmdlet
{
    /// <summary>
    /// The URL to send requests to. May be left out when the namespace's Gateway and VirtualServices leave one entry.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Uri? Uri { get; set; }

    /// <summary>
    /// The VirtualService to measure. The default is the only one of the namespace that splits traffic.
    /// </summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VirtualServiceCompleter))]
    public string? VirtualService { get; set; }

    /// <summary>The http route, by name. The default is the one that takes the URL.</summary>
    [Parameter]
    [PlainText]
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
    /// A regular expression per version that matches its answers, for answers that don't tell the hops' addresses.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? VersionPattern { get; set; }

    /// <summary>The response header that names the version.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string? VersionHeader { get; set; }

    /// <summary>How many attributed answers to collect. The default is as many as the verdict needs.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 100_000_000)]
    public int? Count { get; set; }

    /// <summary>How long to send requests: seconds, or a text such as <c>30s</c> or <c>5m</c>.</summary>
    [Parameter]
    [DurationTransform]
    public TimeSpan? Duration { get; set; }

    /// <summary>How many requests are under way at a time. The default is 8.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 10_000)]
    public int Concurrency { get; set; } = 8;

    /// <summary>
    /// How many requests to begin per second, whether or not earlier ones were answered. The default is to begin each
    /// when a connection is free.
    /// </summary>
    [Parameter]
    [PlainText]
    [ValidateRange(0.001, 1e6)]
    public double? Rate { get; set; }

    /// <summary>
    /// How long to send requests before any counts: seconds, or a text such as <c>5s</c>. The default is 0.
    /// </summary>
    [Parameter]
    [DurationTransform]
    public TimeSpan WarmUp { get; set; }

    /// <summary>Sends each request over a new connection. The default is to keep connections.</summary>
    [Parameter]
    public SwitchParameter NewConnection { get; set; }

    /// <summary>HTTP's version: 1.1 or 2. The default is 1.1; gRPC takes 2.</summary>
    [Parameter]
    [PlainText]
    [ValidateSet("1.1", "2")]
    public string HttpVersion { get; set; } = "1.1";

    /// <summary>
    /// The message of a gRPC call, such as <c>@{ name = 'eric' }</c> or, by the fields' numbers, <c>@{ 1 = 'eric' }</c>.
    /// The default is the empty message.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Message { get; set; }

    /// <summary>Headers to send.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Header { get; set; }

    /// <summary>How long one request may take, in seconds. The default is 10.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 10;

    /// <summary>The probability of calling a right split wrong. The default is 0.001.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1e-9, 0.5)]
    public double Alpha { get; set; } = 0.001;

    /// <summary>The shift between two versions to notice, in percentage points. The default is 5.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(TrafficShiftRequest.MinTolerance, 50.0)]
    public double Tolerance { get; set; } = 5;

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

    private TrafficShiftRequest Request() => new()
    {
        Uri = Uri,
        VirtualService = VirtualService,
        Route = Route,
        Expect = TableReader.Numbers(Expect, nameof(Expect)),
        VersionPattern = TableReader.Texts(VersionPattern, nameof(VersionPattern)),
        VersionHeader = VersionHeader,
        Count = Count,
        Duration = Duration,
        Concurrency = Concurrency,
        Rate = Rate,
        WarmUp = WarmUp,
        NewConnection = NewConnection,
        HttpVersion = new Version(HttpVersion == "2" ? "2.0" : HttpVersion),
        Message = TableReader.Values(Message),
        Headers = (TableReader.Texts(Header, nameof(Header)) ?? []).ToDictionary(StringComparer.OrdinalIgnoreCase),
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
        Alpha = Alpha,
        Tolerance = Tolerance,
        UntilDecided = UntilDecided,
    };
}
