using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Text;

namespace HybridMesh.Core;

/// <summary>
/// As much of protobuf as a call needs: writes a message whose fields are given by number, and finds the text in field
/// 1 of another.
/// </summary>
public static class ProtobufMessage
{
    private const int MaxField = 536_870_911;

    // The one service whose fields we know by name; others' are given by number.
    private static readonly Dictionary<string, int> GreeterFields =
        new(StringComparer.OrdinalIgnoreCase) { ["name"] = 1 };

    private enum Wire { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 }

    /// <summary>Writes a message.</summary>
    /// <param name="fields">
    /// Values by field number, or by name where it is known: texts, whole numbers, truth values, doubles, bytes and
    /// tables, which are messages themselves. Null for the empty message.
    /// </param>
    /// <exception cref="MeshException">ArgumentInvalid: a field or a value can't be told.</exception>
    public static byte[] Write(IDictionary? fields)
    {
        using MemoryStream message = new();
        foreach ((int number, string key, object? value) in Numbered(fields))
        {
            WriteField(message, number, key, value);
        }

        return message.ToArray();
    }

    /// <summary>
    /// Finds the text in field 1; an empty one when the field is not there, as protobuf leaves it out.
    /// </summary>
    /// <returns>Whether the bytes are a message.</returns>
    public static bool TryReadText(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> text)
    {
        text = default;
        while (!message.IsEmpty)
        {
            if (!TryReadVarint(ref message, out ulong tag) || tag >> 3 is 0 or > MaxField)
            {
                return false;
            }

            ulong length = (Wire)(tag & 7) switch
            {
                Wire.Varint => TryReadVarint(ref message, out _) ? 0 : ulong.MaxValue,
                Wire.Fixed64 => 8,
                Wire.Fixed32 => 4,
                Wire.Bytes => TryReadVarint(ref message, out ulong told) ? told : ulong.MaxValue,
                _ => ulong.MaxValue,
            };
            if (length > (ulong)message.Length)
            {
                return false;
            }

            if (tag == ((1 << 3) | (int)Wire.Bytes))
            {
                text = message[..(int)length];
            }

            message = message[(int)length..];
        }

        return true;
    }

    private static IEnumerable<(int Number, string Key, object? Value)> Numbered(IDictionary? fields) =>
        (fields?.Keys.Cast<object>() ?? [])
            .Select(key => (Key: Convert.ToString(key, CultureInfo.InvariantCulture) ?? "", Value: fields![key]))
            .Select(entry => (Number(entry.Key), entry.Key, entry.Value))
            .OrderBy(entry => entry.Item1);

    private static int Number(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is > 0 and <= MaxField
            || GreeterFields.TryGetValue(key, out number)
            ? number
            : throw Invalid(
                $"-Message has a field '{key}', whose number is not known; give the number that the .proto file gives "
                + "it, such as @{ 1 = 'eric' }.", key);

    private static void WriteField(MemoryStream message, int number, string key, object? value)
    {
        switch (value)
        {
            case string text:
                WriteBytes(message, number, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                WriteBytes(message, number, bytes);
                break;
            case IDictionary table:
                WriteBytes(message, number, Write(table));
                break;
            case bool truth:
                WriteTag(message, number, Wire.Varint);
                WriteVarint(message, truth ? 1UL : 0);
                break;
            case sbyte or short or int or long:
                WriteTag(message, number, Wire.Varint);
                WriteVarint(message, (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case byte or ushort or uint or ulong:
                WriteTag(message, number, Wire.Varint);
                WriteVarint(message, Convert.ToUInt64(value, CultureInfo.InvariantCulture));
                break;
            case double real:
                WriteTag(message, number, Wire.Fixed64);
                Span<byte> space = stackalloc byte[8];
                BinaryPrimitives.WriteDoubleLittleEndian(space, real);
                message.Write(space);
                break;
            default:
                throw Invalid(
                    $"-Message's field '{key}' is {value?.GetType().Name ?? "null"}; texts, whole numbers, truth "
                    + "values, doubles, bytes and tables can be sent.", key);
        }
    }

    private static void WriteBytes(MemoryStream message, int number, byte[] bytes)
    {
        WriteTag(message, number, Wire.Bytes);
        WriteVarint(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    private static void WriteTag(MemoryStream message, int number, Wire wire) =>
        WriteVarint(message, ((ulong)number << 3) | (uint)wire);

    private static void WriteVarint(MemoryStream message, ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            message.WriteByte((byte)(value | 0x80));
        }

        message.WriteByte((byte)value);
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] <= 0x7f)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static MeshException Invalid(string message, object target) =>
        new(MeshErrorCode.ArgumentInvalid, message, target);
}
