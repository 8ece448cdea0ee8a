namespace HybridMesh.Lab;

/// <summary>
/// Independent uniform draws from [0, 1) for any number of threads: SplitMix64 needs no lock, because each draw is a
/// function of a counter.
/// </summary>
internal sealed class Draws(int? seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(seed is int given ? (uint)given : (ulong)Random.Shared.NextInt64());

    public double Next() => (Mix(Interlocked.Add(ref _state, Step)) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
