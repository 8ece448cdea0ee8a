namespace HybridMesh.Lab;

/// <summary>Remembers nonces for as long as a call with them could still pass the date window.</summary>
internal sealed class NonceMemory(TimeProvider clock, TimeSpan window)
{
    private readonly Dictionary<string, DateTimeOffset> _seen = [];
    private readonly Queue<(string Nonce, DateTimeOffset Until)> _byAge = new();

    /// <summary>False when the nonce was used before.</summary>
    public bool TryUse(string nonce)
    {
        lock (_seen)
        {
            DateTimeOffset now = clock.GetUtcNow();
            while (_byAge.TryPeek(out (string Nonce, DateTimeOffset Until) oldest) && oldest.Until < now)
            {
                _byAge.Dequeue();
                _seen.Remove(oldest.Nonce);
            }

            DateTimeOffset until = now + window + window;
            if (!_seen.TryAdd(nonce, until))
            {
                return false;
            }

            _byAge.Enqueue((nonce, until));
            return true;
        }
    }
}
