namespace HybridMesh.Core;

/// <summary>Reads something out of an answer; null when it holds nothing of the kind.</summary>
internal delegate T? AnswerReading<T>(in LoadAnswer answer);

/// <summary>
/// Remembers what answers were read as: a service has few different answers, and reading each anew would cost more than
/// fetching it. The memory is fixed; a slot is overwritten by the next answer that falls into it.
/// </summary>
/// <param name="read">Reads an answer not seen before.</param>
/// <param name="ignoreTimings">Whether answers that differ by times such as <c>[12ms]</c> only are the same.</param>
internal sealed class AnswerCache<T>(AnswerReading<T> read, bool ignoreTimings)
    where T : class
{
    private const int Slots = 1024;
    private const int MaxLength = 1024;

    // No more than this, because a longer number is not read as a time.
    private const int MaxDigits = 9;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>What the answer is read as, from memory where possible.</summary>
    public T? Read(in LoadAnswer answer)
    {
        ReadOnlySpan<byte> body = answer.Body;
        if (body.Length > MaxLength)
        {
            return read(answer);
        }

        Span<byte> space = stackalloc byte[MaxLength];
        ReadOnlySpan<byte> key = ignoreTimings ? WithoutTimings(body, space) : body;
        HashCode hash = default;
        hash.AddBytes(key);
        int slot = hash.ToHashCode() & (Slots - 1);
        if (Volatile.Read(ref _entries[slot]) is { } known && key.SequenceEqual(known.Key))
        {
            return known.Value;
        }

        // An answer that tells nothing is not kept: a pattern may have run out of time on it.
        T? value = read(answer);
        if (value is not null)
        {
            Volatile.Write(ref _entries[slot], new Entry(key.ToArray(), value));
        }

        return value;
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

    private sealed record Entry(byte[] Key, T Value);
}
