namespace HybridMesh.Core;

/// <summary>A measured split: who answered, whether that fits the weights, and how the requests went.</summary>
public sealed record TrafficShiftResult
{
    /// <summary>The URL the requests went to.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The namespace of the VirtualService; null without one.</summary>
    public string? Namespace { get; init; }

    /// <summary>The VirtualService measured; null when shares and versions were told by other means.</summary>
    public string? VirtualService { get; init; }

    /// <summary>The http route measured; null when it has no name.</summary>
    public string? Route { get; init; }

    /// <summary>A row per version, unexpected ones last.</summary>
    public required IReadOnlyList<TrafficShare> Versions { get; init; }

    /// <summary>What the answers say about the split.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The verdict as a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>
    /// Why the split is wrong, as far as the evidence goes, most likely first; empty when it is Consistent, unless
    /// connections are sticky.
    /// </summary>
    public IReadOnlyList<TrafficDiagnosis> Diagnosis { get; init; } = [];

    /// <summary>How the versions' intervals were computed.</summary>
    public required IntervalMethod IntervalMethod { get; init; }

    /// <summary>The probability of answers at least as odd as these when the split is as expected.</summary>
    public required double PValue { get; init; }

    /// <summary>How the p-value was computed.</summary>
    public required PValueMethod PValueMethod { get; init; }

    /// <summary>
    /// The probability that the answers would have shown a shift of Tolerance points between the two versions for
    /// which that is hardest.
    /// </summary>
    public required double Power { get; init; }

    /// <summary>
    /// The anytime p-value of the test that looked after every answer; null when none did. When it falls below a
    /// fifth of Alpha, the split is Inconsistent at once.
    /// </summary>
    public double? SequentialP { get; init; }

    /// <summary>
    /// The answers after which that test had decided; null when it had not. Requests under way by then are waited for
    /// and count, so Attributed may be a few more.
    /// </summary>
    public int? DecidedAt { get; init; }

    /// <summary>Why no more requests were sent.</summary>
    public required StopReason StoppedBy { get; init; }

    /// <summary>The answers it takes to notice a shift of Tolerance points with probability 0.9.</summary>
    public required int RequestsNeeded { get; init; }

    /// <summary>The probability of calling a right split wrong.</summary>
    public required double Alpha { get; init; }

    /// <summary>The shift to notice, in percentage points.</summary>
    public required double Tolerance { get; init; }

    /// <summary>How many requests were sent.</summary>
    public required int Requests { get; init; }

    /// <summary>The answers that were attributed to a version; they are what is judged.</summary>
    public required int Attributed { get; init; }

    /// <summary>The successful answers that no version could be told of.</summary>
    public required int Unattributed { get; init; }

    /// <summary>The failed requests by kind, such as Http5xx; empty when none failed.</summary>
    public required IReadOnlyDictionary<string, int> Errors { get; init; }

    /// <summary>From the first request to the last answer.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Requests per second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>The protocol: HTTP/1.1, HTTP/2 or gRPC.</summary>
    public string Protocol { get; init; } = "HTTP/1.1";

    /// <summary>Whether connections were kept or each request had a new one.</summary>
    public ConnectionMode ConnectionMode { get; init; }

    /// <summary>How many connections were made, those of the warm-up included.</summary>
    public long ConnectionsOpened { get; init; }

    /// <summary>
    /// How many requests were sent a second time, because the server had closed the kept connection without an
    /// answer; each counts as one request. For HTTP/1.1 over TLS this is done without counting, and calls of gRPC are
    /// sent again only when the server had not taken them.
    /// </summary>
    public long Retried { get; init; }

    /// <summary>The rate asked for, in requests per second; null for as fast as answers come.</summary>
    public double? Rate { get; init; }

    /// <summary>The rate at which requests were begun; null without a rate asked for.</summary>
    public double? AchievedRate { get; init; }

    /// <summary>
    /// How many requests of a constant rate began late, because every connection still waited for an answer. Their
    /// latency counts from when they were due.
    /// </summary>
    public long Late { get; init; }

    /// <summary>How many requests of a constant rate were due but never begun, because the time was over.</summary>
    public long Dropped { get; init; }

    /// <summary>
    /// How long requests that got an HTTP answer took; at a constant rate, from when they were due.
    /// </summary>
    public required LatencySummary Latency { get; init; }
}
