using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>
/// Runs requests over HttpClient's handler, one for each worker, so that each has a connection of its own even where
/// HTTP/2 would let them share one.
/// </summary>
internal static class ClientEngine
{
    public static async Task RunAsync(
        LoadPlan plan, LoadTarget target, LoadRun run, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, plan.Concurrency).Select(_ => Task.Run(
            async () =>
            {
                using ClientWorker worker = new(plan, run, connected => Handler(plan, target, run.Counters, connected));
                await worker.RunAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static SocketsHttpHandler Handler(
        LoadPlan plan, LoadTarget target, RunCounters counters, Action<long> connected) => new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            SslOptions = target.Tls ?? new SslClientAuthenticationOptions(),
            MaxConnectionsPerServer = 1,
            ConnectTimeout = plan.Timeout,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            // No trace headers: requests are to be what the user asked for and nothing else.
            ActivityHeadersPropagator = null,
            // As over sockets: HttpClient alone refuses to send what is not ASCII.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = await ConnectAsync(target, cancellationToken).ConfigureAwait(false);
                connected(counters.CountConnection());
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

    private static async Task<Socket> ConnectAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            IPEndPoint endPoint = target.EndPoints[i];
            Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException) when (i + 1 < target.EndPoints.Count)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
