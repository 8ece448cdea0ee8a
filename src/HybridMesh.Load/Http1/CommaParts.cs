namespace HybridMesh.Load;

/// <summary>The parts of a comma-separated header value, without allocation.</summary>
internal ref struct CommaParts(ReadOnlySpan<byte> value)
{
    private readonly ReadOnlySpan<byte> _value = value;
    private int _next;

    public Range Current { get; private set; }

    public readonly CommaParts GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next > _value.Length)
        {
            return false;
        }

        int length = _value[_next..].IndexOf((byte)',');
        int end = length < 0 ? _value.Length : _next + length;
        Current = _next..end;
        _next = end + 1;
        return true;
    }
}
