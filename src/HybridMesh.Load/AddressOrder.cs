using System.Net;
using System.Net.Sockets;

namespace HybridMesh.Load;

/// <summary>Which of a name's addresses to try first.</summary>
internal static class AddressOrder
{
    // What RFC 8305 recommends before the next address is tried beside the last.
    private static readonly TimeSpan Head = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The addresses, the one first that accepts a connection soonest. Requests would otherwise wait for an address
    /// that never answers, such as one of IPv6 where its packets are dropped, until their time is up.
    /// </summary>
    /// <param name="addresses">The addresses in the order in which the system prefers them.</param>
    /// <param name="port">The port.</param>
    /// <param name="timeout">How long to wait for any of them.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task<IPAddress[]> ReachableFirstAsync(
        IPAddress[] addresses, int port, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (addresses.Length < 2)
        {
            return addresses;
        }

        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(timeout);
        List<Task<IPAddress?>> attempts = [];
        for (int next = 0; next < addresses.Length || attempts.Count > 0;)
        {
            if (next < addresses.Length)
            {
                attempts.Add(TryAsync(addresses[next++], port, over.Token));
            }

            Task first = await Task.WhenAny(
                next < addresses.Length ? [.. attempts, Task.Delay(Head, over.Token)] : attempts).ConfigureAwait(false);
            if (first is Task<IPAddress?> attempt)
            {
                attempts.Remove(attempt);
                if (await attempt.ConfigureAwait(false) is { } reached)
                {
                    await over.CancelAsync().ConfigureAwait(false);
                    return [reached, .. addresses.Where(address => !address.Equals(reached))];
                }
            }
        }

        cancellationToken.ThrowIfCancellationRequested();

        // The requests themselves say why.
        return addresses;
    }

    private static async Task<IPAddress?> TryAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
            return address;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }
}
