namespace HybridMesh.Lab;

/// <summary>How an API server fails a call.</summary>
public enum ApiFaultKind
{
    /// <summary>409, as when another writer came first.</summary>
    Conflict,

    /// <summary>429 with Retry-After.</summary>
    TooManyRequests,

    /// <summary>500.</summary>
    InternalError,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>The connection ends without an answer.</summary>
    Drop,
}

/// <summary>
/// A fault for the next calls. <paramref name="Verb"/> is a Kubernetes verb (get, list, watch, create, update, patch,
/// delete), <paramref name="Resource"/> a plural (<c>pods</c>); null means any.
/// </summary>
public sealed record ApiFault(
    ApiFaultKind Kind, int Calls, string? Verb = null, string? Resource = null, int RetryAfterSeconds = 1);

/// <summary>The faults an API server still has to show, oldest first. Health checks are never failed.</summary>
public sealed class ApiFaults
{
    private readonly Lock _gate = new();
    private readonly List<ApiFault> _pending = [];

    public IReadOnlyList<ApiFault> Pending { get { lock (_gate) { return [.. _pending]; } } }

    public void Add(ApiFault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fault.Calls, 1);
        lock (_gate)
        {
            _pending.Add(fault);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _pending.Clear();
        }
    }

    /// <summary>The fault this call must show, if any; counts it.</summary>
    public ApiFault? Take(string verb, string resource)
    {
        lock (_gate)
        {
            int index = _pending.FindIndex(fault =>
                (fault.Verb is null || string.Equals(fault.Verb, verb, StringComparison.OrdinalIgnoreCase))
                && (fault.Resource is null
                    || string.Equals(fault.Resource, resource, StringComparison.OrdinalIgnoreCase)));
            if (index < 0)
            {
                return null;
            }

            ApiFault found = _pending[index];
            if (found.Calls > 1)
            {
                _pending[index] = found with { Calls = found.Calls - 1 };
            }
            else
            {
                _pending.RemoveAt(index);
            }

            return found;
        }
    }
}
