using System.Diagnostics.CodeAnalysis;

namespace HybridMesh.Core;

/// <summary>
/// Puts answers back into the order in which their requests were begun. In the order of arrival the first ones are
/// those of the fastest version, which would look like a wrong split.
/// </summary>
internal sealed class TicketOrder<T>
{
    private readonly Dictionary<long, T> _waiting = [];
    private long _next;

    /// <summary>Takes what the request with this ticket brought; tickets count from 0, and each is to come once.</summary>
    public void Add(long ticket, T item) => _waiting.Add(ticket, item);

    /// <summary>Gives the next one when its turn has come.</summary>
    public bool TryNext([MaybeNullWhen(false)] out T item)
    {
        bool found = _waiting.Remove(_next, out item);
        _next += found ? 1 : 0;
        return found;
    }
}
