namespace HybridMesh.Core;

/// <summary>
/// Remembers which version gave which answer: a service has few different answers, and reading each anew would cost
/// more than fetching it. The memory is fixed; a slot is overwritten by the next answer that falls into it.
/// </summary>
/// <param name="inner">Tells the version of an answer not seen before.</param>
/// <param name="ignoreTimings">Whether answers that differ by times such as <c>[12ms]</c> only are of one version.</param>
internal sealed class AttributionCache(IVersionAttribution inner, bool ignoreTimings) : IVersionAttribution
{
    private const int Slots = 1024;
    private const int MaxLength = 1024;

    // No more than this, because a longer number is not read as a time.
    private const int MaxDigits = 9;

    private readonly Entry?[] _entries = new Entry?[Slots];

    public string Remedy => inner.Remedy;

    /// <summary>The attribution with a memory, where reading an answer is work.</summary>
    public static IVersionAttribution Of(IVersionAttribution attribution) => attribution is HeaderAttribution
        ? attribution
        : new AttributionCache(attribution, ignoreTimings: attribution is AddressAttribution);

    public string? VersionOf(in LoadAnswer answer)
    {
        ReadOnlySpan<byte> body = answer.Body;
        if (body.Length > MaxLength)
        {
            return inner.VersionOf(answer);
        }

        Span<byte> space = stackalloc byte[MaxLength];
        ReadOnlySpan<byte> key = ignoreTimings ? WithoutTimings(body, space) : body;
        HashCode hash = default;
        hash.AddBytes(key);
        int slot = hash.ToHashCode() & (Slots - 1);
        if (Volatile.Read(ref _entries[slot]) is { } known && key.SequenceEqual(known.Key))
        {
            return known.Version;
        }

        // An answer that tells nothing is not kept: a pattern may have run out of time on it.
        string? version = inner.VersionOf(answer);
        if (version is not null)
        {
            Volatile.Write(ref _entries[slot], new Entry(key.ToArray(), version));
        }

        return version;
    }

    private static ReadOnlySpan<byte> WithoutTimings(ReadOnlySpan<byte> body, Span<byte> space)
    {
        int length = 0;
        while (body.IndexOf((byte)'[') is int bracket and >= 0)
        {
            body[..(bracket + 1)].CopyTo(space[length..]);
            length += bracket + 1;
            body = body[(bracket + 1)..];
            int digits = body.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits is > 0 and <= MaxDigits && body[digits..].StartsWith("ms]"u8))
            {
                body = body[digits..];
            }
        }

        body.CopyTo(space[length..]);
        return space[..(length + body.Length)];
    }

    private sealed record Entry(byte[] Key, string Version);
}
