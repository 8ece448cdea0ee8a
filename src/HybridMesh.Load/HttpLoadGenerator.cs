using System.Diagnostics;
using System.Net;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>
/// A closed loop over HTTP/1.1: each of N workers keeps a connection and sends its next request when the last answer
/// has ended.
/// </summary>
public sealed class HttpLoadGenerator : ILoadGenerator
{
    /// <inheritdoc/>
    public async Task<LoadReport> RunAsync(LoadPlan plan, ILoadSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(sink);
        using HttpMessageInvoker client = new(Handler(plan), disposeHandler: true);
        LatencyRecorder latency = new();
        long start = Stopwatch.GetTimestamp();
        long end = plan.Duration is { } duration
            ? start + (long)(duration.TotalSeconds * Stopwatch.Frequency)
            : long.MaxValue;
        Task[] workers =
        [
            .. Enumerable.Range(0, plan.Concurrency).Select(_ => Task.Run(
                () => new LoadWorker(plan, sink, client, latency).RunAsync(end, cancellationToken),
                cancellationToken)),
        ];
        await Task.WhenAll(workers).ConfigureAwait(false);
        return new LoadReport(Stopwatch.GetElapsedTime(start), latency.Summarize());
    }

    private static SocketsHttpHandler Handler(LoadPlan plan) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = plan.Concurrency,
        ConnectTimeout = plan.Timeout,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        // No trace headers: requests are to be what the user asked for and nothing else.
        ActivityHeadersPropagator = null,
    };
}
