using System.Globalization;

namespace HybridMesh.Load;

/// <summary>
/// Reads one HTTP/1.1 answer to a GET at a time from bytes that may be cut anywhere. It does no input or output and,
/// once its buffers have grown, allocates nothing.
/// </summary>
/// <param name="captureHeader">The header whose value is kept; null for none.</param>
/// <param name="maxBody">How much of a body is kept.</param>
internal sealed class ResponseReader(string? captureHeader, int maxBody)
{
    /// <summary>The most bytes of heads (interim ones included) and trailers of one answer.</summary>
    public const int MaxHead = 64 * 1024;

    private const int MaxChunkLine = 4096;

    private readonly ResponseHead _head = new(captureHeader);
    private readonly LineBuffer _lines = new();
    private byte[] _body = new byte[Math.Min(4096, maxBody)];
    private int _length;
    private long _left;
    private int _headBytes;
    private Part _part;

    private enum Part { StatusLine, Headers, Fixed, ChunkSize, ChunkData, ChunkEnd, Trailers, UntilClose, Done }

    public int Status => _head.Status;

    /// <summary>The body, up to the bound; valid until <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Body => _body.AsSpan(0, _length);

    public string? Captured => _head.Captured;

    /// <summary>Whether the connection may be used again once the answer is complete.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Whether any byte of the answer has come.</summary>
    public bool Started { get; private set; }

    /// <summary>Makes ready for the next answer.</summary>
    public void Reset()
    {
        _part = Part.StatusLine;
        _length = _headBytes = 0;
        _lines.Clear();
        KeepAlive = Started = false;
    }

    /// <summary>Takes bytes.</summary>
    /// <param name="data">What came.</param>
    /// <param name="used">How many of them belong to this answer.</param>
    /// <returns>Whether the answer is complete.</returns>
    /// <exception cref="HttpFormatException">They are no HTTP answer.</exception>
    public bool Read(ReadOnlySpan<byte> data, out int used)
    {
        ReadOnlySpan<byte> rest = data;
        Started |= !data.IsEmpty;
        while (_part != Part.Done && !rest.IsEmpty)
        {
            rest = rest[Step(rest)..];
        }

        used = data.Length - rest.Length;
        return _part == Part.Done;
    }

    /// <summary>The server has ended the connection: that may be the end of the body.</summary>
    /// <exception cref="HttpFormatException">The answer is cut off.</exception>
    public void End()
    {
        if (_part is not (Part.UntilClose or Part.Done))
        {
            throw new HttpFormatException(Started
                ? "The server closed the connection in the middle of an answer"
                : "The server closed the connection without an answer");
        }

        _part = Part.Done;
        KeepAlive = false;
    }

    private int Step(ReadOnlySpan<byte> data) => _part switch
    {
        Part.Fixed or Part.ChunkData => TakeCounted(data),
        Part.UntilClose => TakeAll(data),
        _ => TakeLine(data),
    };

    private int TakeLine(ReadOnlySpan<byte> data)
    {
        int limit = _part is Part.ChunkSize or Part.ChunkEnd ? MaxChunkLine : MaxHead - _headBytes;
        if (!_lines.TryTake(data, limit, out ReadOnlySpan<byte> line, out int used))
        {
            return used;
        }

        switch (_part)
        {
            case Part.StatusLine:
                _head.Start(line);
                _part = Part.Headers;
                break;
            case Part.Headers when line.IsEmpty:
                EndHead();
                break;
            case Part.Headers:
                _head.Add(line);
                break;
            case Part.ChunkSize:
                _left = ChunkSize(line);
                _part = _left == 0 ? Part.Trailers : Part.ChunkData;
                return used;
            case Part.ChunkEnd:
                _part = line.IsEmpty
                    ? Part.ChunkSize
                    : throw new HttpFormatException(
                        $"A chunk does not end where it should but goes on with '{ResponseHead.Show(line)}'");
                return used;
            case Part.Trailers when line.IsEmpty:
                _part = Part.Done;
                break;
        }

        // Counted by line, its end included, so that endless heads of short lines end as well.
        _headBytes += line.Length + 2;
        return used;
    }

    private void EndHead()
    {
        if (_head.Interim)
        {
            _part = Part.StatusLine;
            return;
        }

        // Of both a length and chunks the chunks count, and who sends both is not to be trusted with another request
        // (RFC 9112, 6.3).
        KeepAlive = _head.KeepAlive && !(_head.HasTransferEncoding && _head.ContentLength >= 0);
        if (_head.Bodiless || (_head is { HasTransferEncoding: false, ContentLength: 0 }))
        {
            _part = Part.Done;
        }
        else if (_head.Chunked)
        {
            _part = Part.ChunkSize;
        }
        else if (_head is { HasTransferEncoding: false, ContentLength: > 0 })
        {
            _left = _head.ContentLength;
            _part = Part.Fixed;
        }
        else
        {
            _part = Part.UntilClose;
            KeepAlive = false;
        }
    }

    private int TakeCounted(ReadOnlySpan<byte> data)
    {
        int count = (int)Math.Min(_left, data.Length);
        Keep(data[..count]);
        _left -= count;
        if (_left == 0)
        {
            _part = _part == Part.Fixed ? Part.Done : Part.ChunkEnd;
        }

        if (_part is Part.ChunkData or Part.ChunkEnd)
        {
            EndWhenFull();
        }

        return count;
    }

    private int TakeAll(ReadOnlySpan<byte> data)
    {
        Keep(data);
        EndWhenFull();
        return data.Length;
    }

    // A body of a known length is read to its end, to keep the connection; one that may never end is left.
    private void EndWhenFull()
    {
        if (_length == maxBody)
        {
            _part = Part.Done;
            KeepAlive = false;
        }
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        int count = Math.Min(data.Length, maxBody - _length);
        if (_length + count > _body.Length)
        {
            Array.Resize(ref _body, (int)Math.Min(maxBody, Math.Max(_length + count, _body.Length * 2L)));
        }

        data[..count].CopyTo(_body.AsSpan(_length));
        _length += count;
    }

    private static long ChunkSize(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOfAny(" \t;"u8);
        ReadOnlySpan<byte> digits = end < 0 ? line : line[..end];
        ReadOnlySpan<byte> after = line[digits.Length..].TrimStart(" \t"u8);
        if (digits.Length is 0 or > 15 || (!after.IsEmpty && after[0] != ';')
            || !long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long size))
        {
            throw new HttpFormatException($"The answer has a malformed chunk size '{ResponseHead.Show(line)}'");
        }

        return size;
    }
}
