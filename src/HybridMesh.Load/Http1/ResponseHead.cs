using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace HybridMesh.Load;

/// <summary>What a response's status line and headers say about its body and its connection.</summary>
/// <param name="captureHeader">The header whose value is kept; null for none.</param>
internal sealed class ResponseHead(string? captureHeader)
{
    private readonly byte[]? _capture = captureHeader is null ? null : Encoding.ASCII.GetBytes(captureHeader);
    private readonly HeaderText _captured = new();
    private Field _last;
    private bool _closes;

    private enum Field { Other, ContentLength, TransferEncoding, Connection, Captured }

    public int Status { get; private set; }

    /// <summary>The body's length; -1 when it is not told.</summary>
    public long ContentLength { get; private set; }

    public bool HasTransferEncoding { get; private set; }

    /// <summary>Whether chunked is the last coding, the one that shows where the body ends.</summary>
    public bool Chunked { get; private set; }

    /// <summary>Whether the connection may be used again.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>The captured header's value; null when it did not come.</summary>
    public string? Captured => _captured.Value;

    /// <summary>An answer that another one follows.</summary>
    public bool Interim => Status is >= 100 and < 200;

    /// <summary>Whether a body never follows, whatever the headers say.</summary>
    public bool Bodiless => Status is 204 or 304;

    /// <summary>Takes the first line, without its end.</summary>
    public void Start(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is < (byte)'0' or > (byte)'9' || line[8] != ' '
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out int digits) || digits != 3 || status < 100
            || (line.Length > 12 && line[12] != ' '))
        {
            throw new HttpFormatException(
                $"The answer does not start with an HTTP/1.1 status line but with '{Show(line)}'");
        }

        if (status == 101)
        {
            throw new HttpFormatException("The server switched protocols (101) without being asked");
        }

        Status = status;
        ContentLength = -1;
        HasTransferEncoding = Chunked = false;
        KeepAlive = line[7] != '0';
        _closes = false;
        _captured.Clear();
        _last = Field.Other;
    }

    /// <summary>Takes a header line, without its end.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            // A folded line goes on where the one before ended (RFC 9112, 5.2).
            Apply(_last, Trim(line), folded: true);
            return;
        }

        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[colon - 1] is (byte)' ' or (byte)'\t')
        {
            throw new HttpFormatException($"The answer has a malformed header line '{Show(line)}'");
        }

        _last = Name(line[..colon]);
        Apply(_last, Trim(line[(colon + 1)..]), folded: false);
    }

    /// <summary>The start of what came, for messages.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte b in bytes[..Math.Min(bytes.Length, 40)])
        {
            text.Append(b is >= 0x20 and < 0x7f ? (char)b : '?');
        }

        return bytes.Length > 40 ? text.Append("...").ToString() : text.ToString();
    }

    private Field Name(ReadOnlySpan<byte> name) => name.Length switch
    {
        14 when Ascii.EqualsIgnoreCase(name, "content-length"u8) => Field.ContentLength,
        17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) => Field.TransferEncoding,
        10 when Ascii.EqualsIgnoreCase(name, "connection"u8) => Field.Connection,
        int length when length == _capture?.Length && Ascii.EqualsIgnoreCase(name, _capture) => Field.Captured,
        _ => Field.Other,
    };

    private void Apply(Field field, ReadOnlySpan<byte> value, bool folded)
    {
        switch (field)
        {
            case Field.ContentLength:
                TakeLength(value, folded);
                break;
            case Field.TransferEncoding:
                HasTransferEncoding = true;
                Chunked = Ascii.EqualsIgnoreCase(Trim(value[(value.LastIndexOf((byte)',') + 1)..]), "chunked"u8);
                break;
            case Field.Connection:
                TakeConnection(value);
                break;
            case Field.Captured:
                _captured.Add(value, folded ? (byte)' ' : (byte)',');
                break;
        }
    }

    // The same length told twice is one length; two lengths would leave open where the next answer starts.
    private void TakeLength(ReadOnlySpan<byte> value, bool folded)
    {
        foreach (Range part in Parts(value))
        {
            ReadOnlySpan<byte> digits = Trim(value[part]);
            if (folded || digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            {
                throw new HttpFormatException($"The answer has no readable Content-Length: '{Show(value)}'");
            }

            if (ContentLength >= 0 && ContentLength != length)
            {
                throw new HttpFormatException($"The answer has two lengths, {ContentLength} and {length}");
            }

            ContentLength = length;
        }
    }

    // Who says both, on whatever lines, closes.
    private void TakeConnection(ReadOnlySpan<byte> value)
    {
        foreach (Range part in Parts(value))
        {
            ReadOnlySpan<byte> token = Trim(value[part]);
            if (Ascii.EqualsIgnoreCase(token, "close"u8))
            {
                _closes = true;
            }

            KeepAlive |= Ascii.EqualsIgnoreCase(token, "keep-alive"u8);
        }

        KeepAlive &= !_closes;
    }

    private static CommaParts Parts(ReadOnlySpan<byte> value) => new(value);

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
