using System.Text;
using System.Text.Json;

namespace HybridMesh.Core;

/// <summary>An array of objects; Labels is an object or text. Comments and trailing commas are allowed.</summary>
public sealed class JsonInventory : IInventoryFormat
{
    private static readonly JsonReaderOptions Options =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <inheritdoc/>
    public IEnumerable<InventoryRow> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            return ReadAll(bytes);
        }
        catch (JsonException e)
        {
            throw new InventoryFormatException((int)(e.LineNumber ?? 0) + 1, $"this is no JSON: {Reason(e)}", e);
        }
    }

    private static List<InventoryRow> ReadAll(byte[] bytes)
    {
        List<InventoryRow> rows = [];
        LineCounter lines = new(bytes);
        Utf8JsonReader reader = new(bytes, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw new InventoryFormatException(
                lines.At(reader.TokenStartIndex), "the list must be an array of objects: [ { \"Name\": ... } ].");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            int line = lines.At(reader.TokenStartIndex);
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new InventoryFormatException(line, "an item of the list is no object.");
            }

            rows.Add(new InventoryRow(line, ReadObject(ref reader, lines)));
        }

        // A second value after the array is an error of the reader's own.
        reader.Read();
        return rows;
    }

    private static Dictionary<string, object?> ReadObject(ref Utf8JsonReader reader, LineCounter lines)
    {
        Dictionary<string, object?> values = new(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            int line = lines.At(reader.TokenStartIndex);
            reader.Read();
            object? value = reader.TokenType switch
            {
                JsonTokenType.StartObject => ReadLabels(ref reader, name, lines),
                JsonTokenType.StartArray => throw NoValue(line, name),
                _ => Scalar(ref reader),
            };
            if (!values.TryAdd(name, value))
            {
                throw new InventoryFormatException(line, $"'{name}' is there twice; keep one.");
            }
        }

        return values;
    }

    private static Dictionary<string, string> ReadLabels(ref Utf8JsonReader reader, string owner, LineCounter lines)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            reader.Read();
            labels[name] = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                ? throw NoValue(lines.At(reader.TokenStartIndex), $"{owner}.{name}")
                : Scalar(ref reader) ?? "";
        }

        return labels;
    }

    private static string? Scalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString(),
        _ => Encoding.UTF8.GetString(reader.ValueSpan),
    };

    private static InventoryFormatException NoValue(int line, string name) =>
        new(line, $"'{name}' must be text or a number; only Labels holds names and values.");

    // The position in System.Text.Json's own words counts lines from 0, which would contradict ours.
    private static string Reason(JsonException e)
    {
        int end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    /// <summary>Tells lines of byte offsets that only grow.</summary>
    private sealed class LineCounter(byte[] bytes)
    {
        private int _offset;
        private int _line = 1;

        public int At(long offset)
        {
            int end = (int)Math.Min(offset, bytes.Length);
            _line += bytes.AsSpan(_offset, Math.Max(0, end - _offset)).Count((byte)'\n');
            _offset = Math.Max(_offset, end);
            return _line;
        }
    }
}
