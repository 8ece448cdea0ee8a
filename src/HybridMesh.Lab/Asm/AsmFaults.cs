namespace HybridMesh.Lab;

/// <summary>How the ASM endpoint misbehaves; can be set while it runs.</summary>
public sealed class AsmFaults
{
    private int _throttled;
    private int _failing;

    /// <summary>Whether the VM operations answer InvalidAction.NotFound, as a service that withdrew them.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>Whether GetVmMeta gives only the three fields that today's SDKs know.</summary>
    public bool BriefVmMeta { get; set; }

    /// <summary>What throttled answers tell to wait; null: nothing.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Throttles the next calls.</summary>
    public void Throttle(int calls, TimeSpan? retryAfter)
    {
        RetryAfter = retryAfter;
        Volatile.Write(ref _throttled, calls);
    }

    /// <summary>Answers the next calls with 503.</summary>
    public void Fail(int calls) => Volatile.Write(ref _failing, calls);

    internal void Check()
    {
        if (Interlocked.Decrement(ref _throttled) >= 0)
        {
            throw new AsmException(400, "Throttling.User", "Request was denied due to user flow control.")
            {
                RetryAfter = RetryAfter,
            };
        }

        if (Interlocked.Decrement(ref _failing) >= 0)
        {
            throw new AsmException(
                503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.");
        }
    }
}
