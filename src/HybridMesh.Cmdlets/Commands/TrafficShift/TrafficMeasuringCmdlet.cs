using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Base of the cmdlets that measure a traffic split: what is sent, and how the answers are judged.</summary>
public abstract class TrafficMeasuringCmdlet : ConnectedCmdlet
{
    /// <summary>
    /// The URL to send requests to. May be left out when the namespace's Gateway and VirtualServices leave one entry.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public virtual Uri? Uri { get; set; }

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

    /// <summary>
    /// How many attributed answers a measurement collects. The default is as many as its verdict needs.
    /// </summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1, 100_000_000)]
    public int? Count { get; set; }

    /// <summary>How long a measurement sends requests: seconds, or a text such as <c>30s</c> or <c>5m</c>.</summary>
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

    /// <summary>Sends each request over a new connection. The default is to keep connections.</summary>
    [Parameter]
    public SwitchParameter NewConnection { get; set; }

    /// <summary>HTTP's version: 1.1 or 2. The default is 1.1; gRPC takes 2.</summary>
    [Parameter]
    [PlainText]
    [ValidateSet("1.1", "2")]
    public string HttpVersion { get; set; } = "1.1";

    /// <summary>
    /// The message of a gRPC call, such as <c>@{ name = 'eric' }</c> or, by the fields' numbers, <c>@{ 1 = 'eric'
    /// }</c>. The default is the empty message.
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

    /// <summary>The probability of calling a right split wrong, per measurement. The default is 0.001.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(1e-9, 0.5)]
    public double Alpha { get; set; } = 0.001;

    /// <summary>The shift between two versions to notice, in percentage points. The default is 5.</summary>
    [Parameter]
    [PlainText]
    [ValidateRange(TrafficShiftRequest.MinTolerance, 50.0)]
    public double Tolerance { get; set; } = 5;

    /// <summary>The measurement with every parameter that was given on the command line put into it.</summary>
    private protected TrafficShiftRequest Measured(TrafficShiftRequest measurement) => measurement with
    {
        Uri = Uri ?? measurement.Uri,
        VersionPattern = TableReader.Texts(VersionPattern, nameof(VersionPattern)) ?? measurement.VersionPattern,
        VersionHeader = VersionHeader ?? measurement.VersionHeader,
        Count = Count ?? measurement.Count,
        Duration = Duration ?? measurement.Duration,
        Concurrency = Given(nameof(Concurrency), Concurrency, measurement.Concurrency),
        Rate = Rate ?? measurement.Rate,
        NewConnection = Given(nameof(NewConnection), NewConnection.IsPresent, measurement.NewConnection),
        HttpVersion = Given(
            nameof(HttpVersion), new Version(HttpVersion == "2" ? "2.0" : HttpVersion), measurement.HttpVersion),
        Message = TableReader.Values(Message) ?? measurement.Message,
        Headers = TableReader.Texts(Header, nameof(Header))?.ToDictionary(StringComparer.OrdinalIgnoreCase)
            ?? measurement.Headers,
        Timeout = Given(nameof(TimeoutSec), TimeSpan.FromSeconds(TimeoutSec), measurement.Timeout),
        Alpha = Given(nameof(Alpha), Alpha, measurement.Alpha),
        Tolerance = Given(nameof(Tolerance), Tolerance, measurement.Tolerance),
    };

    /// <summary>A parameter's value if it was given on the command line, else the other one.</summary>
    private protected T Given<T>(string parameter, T given, T otherwise) =>
        MyInvocation.BoundParameters.ContainsKey(parameter) ? given : otherwise;
}
