using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>Runs requests over HttpClient's handler.</summary>
internal static class ClientEngine
{
    public static async Task RunAsync(LoadPlan plan, LoadRun run, CancellationToken cancellationToken)
    {
        using HttpMessageInvoker client = new(Handler(plan, run.Counters), disposeHandler: true);
        await Task.WhenAll(Enumerable.Range(0, plan.Concurrency).Select(_ => Task.Run(
            () => new ClientWorker(plan, run, client).RunAsync(cancellationToken), cancellationToken)))
            .ConfigureAwait(false);
    }

    private static SocketsHttpHandler Handler(LoadPlan plan, RunCounters counters) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = plan.Concurrency,
        ConnectTimeout = plan.Timeout,
        PooledConnectionLifetime = plan.NewConnection ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        // No trace headers: requests are to be what the user asked for and nothing else.
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, cancellationToken) =>
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
                counters.CountConnection();
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
