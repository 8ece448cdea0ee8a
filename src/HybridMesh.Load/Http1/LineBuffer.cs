namespace HybridMesh.Load;

/// <summary>Cuts bytes into lines that end in CRLF or LF, and keeps what is not yet a whole line.</summary>
internal sealed class LineBuffer
{
    private byte[] _bytes = new byte[256];
    private int _length;
    private bool _taken;

    public void Clear()
    {
        _length = 0;
        _taken = false;
    }

    /// <summary>Takes a line.</summary>
    /// <param name="data">What came.</param>
    /// <param name="limit">The most bytes a line may have.</param>
    /// <param name="line">The line without its end; valid until the next call.</param>
    /// <param name="used">How much of <paramref name="data"/> was taken.</param>
    /// <exception cref="HttpFormatException">The line is too long.</exception>
    public bool TryTake(ReadOnlySpan<byte> data, int limit, out ReadOnlySpan<byte> line, out int used)
    {
        if (_taken)
        {
            Clear();
        }

        int end = data.IndexOf((byte)'\n');
        used = end < 0 ? data.Length : end + 1;
        if (_length + used > limit)
        {
            throw new HttpFormatException("The answer's head or one of its lines is longer than allowed");
        }

        if (end >= 0 && _length == 0)
        {
            line = WithoutReturn(data[..end]);
            return true;
        }

        Keep(data[..used]);
        _taken = end >= 0;
        line = _taken ? WithoutReturn(_bytes.AsSpan(0, _length - 1)) : default;
        return _taken;
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (_length + data.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + data.Length, _bytes.Length * 2));
        }

        data.CopyTo(_bytes.AsSpan(_length));
        _length += data.Length;
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) =>
        line is [.., (byte)'\r'] ? line[..^1] : line;
}
