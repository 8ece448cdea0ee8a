using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>
/// Each of N workers has a connection and sends its next request when the last answer has ended. HTTP/1.1 goes over
/// blocking sockets, for their speed; more connections than a process should have threads go over HttpClient.
/// </summary>
public sealed class HttpLoadGenerator : ILoadGenerator
{
    /// <inheritdoc/>
    public async Task<LoadReport> RunAsync(LoadPlan plan, ILoadSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(sink);
        IPAddress[]? addresses = await ResolveAsync(plan, sink, cancellationToken).ConfigureAwait(false);
        LoadRun run = new(sink, new Pace(plan, cancellationToken));
        if (addresses is not null)
        {
            SocketTarget target = new(plan, addresses);
            await (plan.Concurrency > SocketEngine.MaxConnections
                ? ClientEngine.RunAsync(plan, run, cancellationToken)
                : SocketEngine.RunAsync(plan, target, run, cancellationToken)).ConfigureAwait(false);
        }

        return new LoadReport(Stopwatch.GetElapsedTime(run.Pace.Begin), run.Latency.Summarize())
        {
            ConnectionsOpened = run.Counters.Connections,
            Retried = run.Counters.Retried,
        };
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
