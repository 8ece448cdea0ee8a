namespace HybridMesh.Load;

/// <summary>What all workers of a run count together.</summary>
internal sealed class RunCounters
{
    private long _connections;
    private long _retried;

    /// <summary>The connections that were made.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>The requests sent again on a new connection, because the server had closed the kept one.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Counts a connection.</summary>
    /// <returns>Its number, from 1 on.</returns>
    public long CountConnection() => Interlocked.Increment(ref _connections);

    public void CountRetry() => Interlocked.Increment(ref _retried);
}
