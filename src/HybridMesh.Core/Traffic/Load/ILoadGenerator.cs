namespace HybridMesh.Core;

/// <summary>Sends requests to one URL from many connections at a time and measures each.</summary>
public interface ILoadGenerator
{
    /// <summary>
    /// Sends requests until <paramref name="sink"/> gives no more or the plan's duration is over; requests begun by
    /// then are waited for, because dropping the slow ones would count slow versions too low. Failed requests are
    /// answers with an error, never exceptions.
    /// </summary>
    Task<LoadReport> RunAsync(LoadPlan plan, ILoadSink sink, CancellationToken cancellationToken);
}

/// <summary>Decides how many requests are sent and takes the answers. Called from many threads.</summary>
public interface ILoadSink
{
    /// <summary>Whether one more request is to be sent; every true is followed by one <see cref="Complete"/>.</summary>
    /// <param name="ticket">
    /// The request's number, from 0 on in the order in which requests are begun; its answer brings it back.
    /// </param>
    bool TryBegin(out long ticket);

    /// <summary>
    /// Whether <see cref="TryBegin"/> would say yes now. While requests are under way a no may be taken back, when one
    /// of them fails.
    /// </summary>
    bool WantsMore { get; }

    /// <summary>Takes an answer; its body is valid during the call only.</summary>
    /// <returns>The group whose latency the answer belongs to, such as a version; null for none.</returns>
    string? Complete(in LoadAnswer answer);
}

/// <summary>What to send.</summary>
public sealed record LoadPlan
{
    /// <summary>The URL, http or https.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Headers to send; <c>Host</c> replaces the URL's.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How many requests are under way at a time, each on a connection of its own. The default is 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>HTTP's version, 1.1 or 2. The default is 1.1.</summary>
    public Version HttpVersion { get; init; } = new(1, 1);

    /// <summary>
    /// The message of a unary gRPC call, which goes over HTTP/2 and whose answer is the text in field 1 of the reply;
    /// null for a GET.
    /// </summary>
    public ReadOnlyMemory<byte>? GrpcMessage { get; init; }

    /// <summary>Whether each request is sent over a new connection; the default is to keep connections.</summary>
    public bool NewConnection { get; init; }

    /// <summary>How long one request may take, connecting included. The default is 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many requests are begun per second, whether or not earlier ones were answered (an open loop); null to begin
    /// each when a connection is free (a closed loop).
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>
    /// How long requests are sent before any counts; they never reach the sink. The default is zero.
    /// </summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>
    /// How long requests are begun, after the warm-up; null for as long as the sink wants more.
    /// </summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The response header answers are to carry; null for none.</summary>
    public string? CaptureHeader { get; init; }

    /// <summary>How much of a body is read; the rest is dropped. The default is 1 MiB.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;
}

/// <summary>Why a request failed.</summary>
public enum LoadError
{
    /// <summary>It did not fail: a 2xx answer came.</summary>
    None,
    /// <summary>The host's name could not be resolved.</summary>
    Resolve,
    /// <summary>No connection could be made.</summary>
    Connect,
    /// <summary>TLS could not be agreed on, or the certificate is not trusted.</summary>
    Tls,
    /// <summary>The answer took longer than allowed.</summary>
    Timeout,
    /// <summary>The connection broke, or what came was not HTTP.</summary>
    Broken,
    /// <summary>A redirect, which is not followed.</summary>
    Http3xx,
    /// <summary>An answer that blames the request.</summary>
    Http4xx,
    /// <summary>An answer that blames the server or the mesh.</summary>
    Http5xx,
    /// <summary>A gRPC call that ended with another status than OK.</summary>
    Grpc,
}

/// <summary>One answer, or the failure of one request.</summary>
public readonly ref struct LoadAnswer
{
    /// <summary>The ticket that <see cref="ILoadSink.TryBegin"/> gave the request.</summary>
    public required long Ticket { get; init; }

    /// <summary>
    /// The number of the connection it came over, from 1 on; 0 when there was none, or it is not known.
    /// </summary>
    public long Connection { get; init; }

    /// <summary>Why it failed; None when it did not.</summary>
    public LoadError Error { get; init; }

    /// <summary>The status code; 0 when there was no HTTP answer.</summary>
    public int StatusCode { get; init; }

    /// <summary>The body, up to the plan's bound.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>The captured header's value; null when there was none.</summary>
    public string? Header { get; init; }

    /// <summary>The failure in words; null when there was none.</summary>
    public string? Detail { get; init; }
}

/// <summary>How a run went as a whole.</summary>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Latency">
/// How long requests that got an HTTP answer took; at a constant rate, from when they were due.
/// </param>
public sealed record LoadReport(TimeSpan Elapsed, LatencySummary Latency)
{
    /// <summary>The latency of each group that the sink named.</summary>
    public IReadOnlyDictionary<string, LatencySummary> Groups { get; init; } =
        new Dictionary<string, LatencySummary>();

    /// <summary>The rate at which requests were begun; null without a rate asked for.</summary>
    public double? AchievedRate { get; init; }

    /// <summary>How many requests began late, because every connection still waited for an answer.</summary>
    public long Late { get; init; }

    /// <summary>How many requests were due but never begun, because the time was over first.</summary>
    public long Dropped { get; init; }

    /// <summary>How many connections were made.</summary>
    public long ConnectionsOpened { get; init; }

    /// <summary>
    /// How many requests were sent a second time, over a new connection, because the server had closed the kept one
    /// without an answer. Each counts as one request.
    /// </summary>
    public long Retried { get; init; }
}
