using System.Globalization;
using System.Text;

namespace HybridMesh.Core;

/// <summary>
/// Comma separated values as RFC 4180 has them: a header, quoted fields with doubled quotes and line breaks inside.
/// Empty lines and lines that begin with # are passed over.
/// </summary>
public sealed class CsvInventory : IInventoryFormat
{
    /// <inheritdoc/>
    public IEnumerable<InventoryRow> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[]? header = null;
        foreach ((int line, List<string> fields) in Records(text))
        {
            if (header is null)
            {
                header = Header(line, fields);
                continue;
            }

            yield return new InventoryRow(line, Values(header, fields), Surplus(header, fields));
        }
    }

    private static string[] Header(int line, List<string> fields)
    {
        string[] names = [.. fields.Select(field => field.Trim())];
        if (names is [{ } only] && only.Contains(';', StringComparison.Ordinal))
        {
            throw new InventoryFormatException(line, "the columns are separated by ';'; save the list with commas.");
        }

        string? twice = names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new InventoryFormatException(line, $"the column '{twice}' is there twice; keep one.");
        }

        InventoryNames.Check(line, names);
        return names;
    }

    private static string? Surplus(string[] header, List<string> fields) => fields.Count <= header.Length
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"there are {fields.Count} fields, but the header names {header.Length} columns; ")
            + "put quotes around a field that holds a comma.";

    private static Dictionary<string, object?> Values(string[] header, List<string> fields)
    {
        Dictionary<string, object?> values = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < header.Length; i++)
        {
            values[header[i]] = i < fields.Count ? fields[i] : null;
        }

        return values;
    }

    private static IEnumerable<(int Line, List<string> Fields)> Records(string text)
    {
        int position = 0;
        int line = 1;
        while (position < text.Length)
        {
            int start = line;
            List<string> fields = Record(text, ref position, ref line);
            bool blank = fields is [{ } only] && only.Trim().Length == 0;
            if (!blank && !fields[0].StartsWith('#'))
            {
                yield return (start, fields);
            }
        }
    }

    private static List<string> Record(string text, ref int position, ref int line)
    {
        List<string> fields = [];
        while (true)
        {
            fields.Add(position < text.Length && text[position] == '"'
                ? Quoted(text, ref position, ref line)
                : Plain(text, ref position));
            if (position < text.Length && text[position] == ',')
            {
                position++;
                continue;
            }

            EndLine(text, ref position, ref line);
            return fields;
        }
    }

    private static string Plain(string text, ref int position)
    {
        int length = text.AsSpan(position).IndexOfAny(',', '\r', '\n');
        int start = position;
        position = length < 0 ? text.Length : start + length;
        return text[start..position];
    }

    private static string Quoted(string text, ref int position, ref int line)
    {
        int start = line;
        StringBuilder field = new();
        for (position++; position < text.Length; position++)
        {
            char letter = text[position];
            if (letter == '"')
            {
                position++;
                if (position >= text.Length || text[position] is ',' or '\r' or '\n')
                {
                    return field.ToString();
                }

                if (text[position] != '"')
                {
                    throw new InventoryFormatException(
                        line, "text follows a closing quote; write a quote inside a quoted field twice.");
                }
            }

            line += letter == '\n' ? 1 : 0;
            field.Append(text[position]);
        }

        throw new InventoryFormatException(start, "a quoted field is not closed; add the closing quote.");
    }

    private static void EndLine(string text, ref int position, ref int line)
    {
        if (position < text.Length && text[position] == '\r')
        {
            position++;
        }

        if (position < text.Length && text[position] == '\n')
        {
            position++;
        }

        line++;
    }
}
