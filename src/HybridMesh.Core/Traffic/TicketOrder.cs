using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace HybridMesh.Core;

/// <summary>
/// Puts answers back into the order in which their requests were begun. In the order of arrival the first ones are
/// those of the fastest version, which would look like a wrong split.
/// </summary>
internal sealed class TicketOrder<T>
{
    // A ring, whose length is a power of two: while one request hangs, hundreds of thousands of others may be answered.
    private (bool Came, T Item)[] _waiting = new (bool, T)[64];
    private long _next;

    /// <summary>
    /// Takes what the request with this ticket brought; tickets count from 0, and each is to come once.
    /// </summary>
    public void Add(long ticket, T item)
    {
        if (ticket - _next >= _waiting.Length)
        {
            Grow(ticket);
        }

        _waiting[Place(ticket)] = (true, item);
    }

    /// <summary>Gives the next one when its turn has come.</summary>
    public bool TryNext([MaybeNullWhen(false)] out T item)
    {
        ref (bool Came, T Item) slot = ref _waiting[Place(_next)];
        item = slot.Item;
        if (!slot.Came)
        {
            return false;
        }

        slot = default;
        _next++;
        return true;
    }

    private void Grow(long ticket)
    {
        (bool Came, T Item)[] old = _waiting;
        _waiting = new (bool, T)[BitOperations.RoundUpToPowerOf2((uint)(ticket - _next + 1))];
        for (long moved = _next; moved < _next + old.Length; moved++)
        {
            _waiting[Place(moved)] = old[moved & (old.Length - 1)];
        }
    }

    private int Place(long ticket) => (int)(ticket & (_waiting.Length - 1));
}
