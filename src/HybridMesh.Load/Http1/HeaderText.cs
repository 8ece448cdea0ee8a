using System.Text;

namespace HybridMesh.Load;

/// <summary>A header's value as text. The text of an answer like the one before is not made anew.</summary>
internal sealed class HeaderText
{
    private byte[] _bytes = new byte[64];
    private int _length = -1;
    private byte[] _known = [];
    private string? _text;

    public string? Value
    {
        get
        {
            if (_length < 0)
            {
                return null;
            }

            ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, _length);
            if (_text is null || !bytes.SequenceEqual(_known))
            {
                _known = bytes.ToArray();
                _text = Encoding.UTF8.GetString(bytes);
            }

            return _text;
        }
    }

    public void Clear() => _length = -1;

    /// <summary>Adds a line's value; several are joined by the separator.</summary>
    public void Add(ReadOnlySpan<byte> value, byte separator)
    {
        int start = _length < 0 ? 0 : _length + 1;
        if (start + value.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (start + value.Length) * 2);
        }

        if (start > 0)
        {
            _bytes[start - 1] = separator;
        }

        value.CopyTo(_bytes.AsSpan(start));
        _length = start + value.Length;
    }
}
