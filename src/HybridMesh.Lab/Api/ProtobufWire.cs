using System.Buffers.Binary;

namespace HybridMesh.Lab;

/// <summary>The wire format of protobuf, as far as the lab reads it.</summary>
internal static class ProtobufWire
{
    /// <summary>What follows a tag: bytes, or a number; moves on behind it.</summary>
    public static ReadOnlySpan<byte> Payload(int wireType, ReadOnlySpan<byte> bytes, ref int at, out ulong number)
    {
        number = 0;
        switch (wireType)
        {
            case 0:
                number = Varint(bytes, ref at);
                return [];
            case 1:
                number = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
                at += 8;
                return [];
            case 2:
                int length = (int)Varint(bytes, ref at);
                ReadOnlySpan<byte> payload = bytes.Slice(at, length);
                at += length;
                return payload;
            case 5:
                number = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
                at += 4;
                return [];
            default:
                throw new InvalidDataException($"unknown wire type {wireType}");
        }
    }

    /// <summary>A number of variable length; moves on behind it.</summary>
    public static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("varint too long");
    }
}
