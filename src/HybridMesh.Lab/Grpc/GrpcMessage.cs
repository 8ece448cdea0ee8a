using System.Buffers.Binary;
using System.Text;

namespace HybridMesh.Lab;

/// <summary>
/// A gRPC message whose only field of interest is the text with number 1: HelloRequest's name, HelloReply's reply. On
/// the wire a byte that says it is not compressed and its length go before it.
/// </summary>
internal static class GrpcMessage
{
    private const int FrameHead = 5;
    private const byte FirstFieldBytes = (1 << 3) | 2;

    public static byte[] Write(string text)
    {
        using MemoryStream frame = new();
        frame.Write(new byte[FrameHead]);
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        // An empty text is not written: that is its default.
        if (utf8.Length > 0)
        {
            frame.WriteByte(FirstFieldBytes);
            int rest = utf8.Length;
            for (; rest > 0x7f; rest >>= 7)
            {
                frame.WriteByte((byte)(rest | 0x80));
            }

            frame.WriteByte((byte)rest);
            frame.Write(utf8);
        }

        byte[] bytes = frame.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - FrameHead);
        return bytes;
    }

    /// <summary>The text of the one message a stream holds.</summary>
    /// <exception cref="GrpcException">It is compressed, cut off or no such message.</exception>
    public static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        await stream.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        try
        {
            return Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
            throw new GrpcException(GrpcStatus.Internal, $"The message can't be read: {e.Message}");
        }
    }

    private static string Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameHead || BinaryPrimitives.ReadUInt32BigEndian(frame[1..]) != frame.Length - FrameHead)
        {
            throw new InvalidDataException("a call of this service takes exactly one message");
        }

        if (frame[0] != 0)
        {
            throw new GrpcException(GrpcStatus.Unimplemented, "Compressed messages are not understood.");
        }

        string text = "";
        ReadOnlySpan<byte> message = frame[FrameHead..];
        for (int at = 0; at < message.Length;)
        {
            ulong tag = ProtobufWire.Varint(message, ref at);
            ReadOnlySpan<byte> payload = ProtobufWire.Payload((int)(tag & 7), message, ref at, out _);
            text = tag == FirstFieldBytes ? Encoding.UTF8.GetString(payload) : text;
        }

        return text;
    }
}
