namespace HybridMesh.Core;

/// <summary>The time-out of one item of a fan-out.</summary>
public sealed class ItemTimeout
{
    private readonly CancellationTokenSource _limit;
    private readonly TimeSpan _timeout;

    internal ItemTimeout(CancellationTokenSource limit, TimeSpan timeout)
    {
        _limit = limit;
        _timeout = timeout;
    }

    /// <summary>Waits for something that does not count, such as a user's answer; then the time starts anew.</summary>
    public async Task<T> SuspendAsync<T>(Func<Task<T>> wait)
    {
        ArgumentNullException.ThrowIfNull(wait);
        _limit.CancelAfter(Timeout.InfiniteTimeSpan);
        try
        {
            return await wait().ConfigureAwait(false);
        }
        finally
        {
            _limit.CancelAfter(_timeout);
        }
    }
}
