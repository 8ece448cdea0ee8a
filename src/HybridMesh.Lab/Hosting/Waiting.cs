using System.Net;
using System.Net.Sockets;

namespace HybridMesh.Lab;

/// <summary>Waiting on a condition with a deadline.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(15);

    /// <summary>False when the condition did not come true in time.</summary>
    public static async Task<bool> UntilAsync(
        Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit)
            {
                return false;
            }

            await Task.Delay(Step, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Waits until something accepts connections; false when nothing did in time.</summary>
    public static async Task<bool> ForListenerAsync(
        IPEndPoint endPoint, Func<bool> alive, TimeSpan limit, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (alive() && TimeProvider.System.GetElapsedTime(start) < limit)
        {
            if (await AnswersAsync(endPoint, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            await Task.Delay(Step, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    public static async Task<bool> AnswersAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        using Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
