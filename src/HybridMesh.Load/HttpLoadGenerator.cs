using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>
/// Each of N workers has a connection and a request under way on it. HTTP/1.1 goes over blocking sockets, for their
/// speed; HTTP/2, gRPC and more connections than a process should have threads go over HttpClient's handler.
/// </summary>
public sealed class HttpLoadGenerator : ILoadGenerator
{
    /// <summary>Who may sign servers' certificates; null for whom the system trusts.</summary>
    internal X509ChainPolicy? Trust { get; init; }

    /// <inheritdoc/>
    public async Task<LoadReport> RunAsync(LoadPlan plan, ILoadSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(sink);
        IPAddress[]? addresses = await ResolveAsync(plan, sink, cancellationToken).ConfigureAwait(false);
        if (addresses is null)
        {
            return new LoadReport(TimeSpan.Zero, new LatencySummary());
        }

        bool byThreads = plan.HttpVersion == HttpVersion.Version11 && plan.GrpcMessage is null
            && plan.Concurrency <= SocketEngine.MaxConnections;
        SocketTarget target = new(plan, addresses, Trust);
        using Pace pace = new(plan, cancellationToken);
        LoadRun run = new(sink, pace);
        await (byThreads
            ? SocketEngine.RunAsync(plan, target, run, cancellationToken)
            : ClientEngine.RunAsync(plan, target, run, cancellationToken)).ConfigureAwait(false);
        return run.Report();
    }

    // Once for the run: a look-up per connection would be part of the latency, and can't be stopped when it hangs.
    private static async Task<IPAddress[]?> ResolveAsync(
        LoadPlan plan, ILoadSink sink, CancellationToken cancellationToken)
    {
        string failure;
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(plan.Uri.IdnHost.Trim('[', ']'), cancellationToken)
                .WaitAsync(plan.Timeout, cancellationToken).ConfigureAwait(false);
            if (addresses.Length > 0)
            {
                return addresses;
            }

            failure = $"the name {plan.Uri.Host} has no address";
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            failure = $"{plan.Uri.Host}: {e.Message}";
        }

        while (!cancellationToken.IsCancellationRequested && sink.TryBegin(out long ticket))
        {
            sink.Complete(new LoadAnswer { Ticket = ticket, Error = LoadError.Resolve, Detail = failure });
        }

        cancellationToken.ThrowIfCancellationRequested();
        return null;
    }
}
