using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>
/// Keeps N connections with a request under way on each. HTTP/1.1 in clear goes over sockets, for their speed; TLS,
/// HTTP/2 and gRPC, and systems without poll(2), go over HttpClient's handler.
/// </summary>
public sealed class HttpLoadGenerator : ILoadGenerator
{
    /// <summary>Who may sign servers' certificates; null for whom the system trusts.</summary>
    internal X509ChainPolicy? Trust { get; init; }

    /// <summary>Looks a host's name up.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

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

        addresses = await AddressOrder.ReachableFirstAsync(
            addresses, plan.Uri.Port, plan.Timeout, cancellationToken).ConfigureAwait(false);

        bool bySockets = PollSet.IsSupported && plan.Uri.Scheme == Uri.UriSchemeHttp
            && plan.HttpVersion == HttpVersion.Version11 && plan.GrpcMessage is null;
        LoadTarget target = new(plan, addresses, Trust);
        using Pace pace = new(plan, cancellationToken);
        LoadRun run = new(sink, pace);
        await (bySockets
            ? PollEngine.RunAsync(plan, target, run, cancellationToken)
            : ClientEngine.RunAsync(plan, target, run, cancellationToken)).ConfigureAwait(false);
        return run.Report();
    }

    // Once for the run: a look-up per connection would be part of the latency, and can't be stopped when it hangs.
    private async Task<IPAddress[]?> ResolveAsync(
        LoadPlan plan, ILoadSink sink, CancellationToken cancellationToken)
    {
        string failure;
        try
        {
            IPAddress[] addresses = await Resolve(plan.Uri.IdnHost.Trim('[', ']'), cancellationToken)
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
