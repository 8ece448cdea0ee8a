using System.Globalization;
using System.Text;

namespace HybridMesh.Yaml;

/// <summary>
/// Writes a string as a YAML scalar: plain when it would be read back as the same string, else quoted; a literal block
/// for several lines.
/// </summary>
internal static class YamlText
{
    // Beyond this column a line is folded at its next space.
    private const int BestWidth = 80;

    /// <summary>A string as a map's key.</summary>
    public static string Key(string text)
    {
        StringBuilder key = new();
        ScalarTraits traits = ScalarTraits.Of(text);
        if (text != "<<" && IsString(text) && traits.AllowsPlain && text.Length > 0 && !text.Contains('\n'))
        {
            key.Append(text);
        }
        else if (traits.AllowsSingleQuotes && IsString(text) && !text.Contains('\n'))
        {
            SingleQuoted(key, text, indent: 0, folds: false);
        }
        else
        {
            DoubleQuoted(key, text, indent: 0, folds: false);
        }

        return key.ToString();
    }

    /// <summary>Appends a string as a value whose further lines are indented.</summary>
    public static void Value(StringBuilder output, string text, int indent)
    {
        ScalarTraits traits = ScalarTraits.Of(text);
        if (text.Contains('\n'))
        {
            if (traits.AllowsBlock)
            {
                Literal(output, text, indent);
            }
            else
            {
                DoubleQuoted(output, text, indent, folds: true);
            }
        }
        else if (!IsString(text))
        {
            DoubleQuoted(output, text, indent, folds: true);
        }
        else if (traits.AllowsPlain)
        {
            Plain(output, text, indent);
        }
        else if (traits.AllowsSingleQuotes)
        {
            SingleQuoted(output, text, indent, folds: true);
        }
        else
        {
            DoubleQuoted(output, text, indent, folds: true);
        }
    }

    // Whether the plain text would be read as this string and not as a number, a boolean, a date, ...
    private static bool IsString(string text) => YamlScalar.IsPlainString(text);

    private static void Plain(StringBuilder output, string text, int indent)
    {
        int column = ColumnOf(output);
        for (int i = 0; i < text.Length; i++)
        {
            bool folds = text[i] == ' ' && column > BestWidth && i > 0 && text[i - 1] != ' '
                && i + 1 < text.Length && text[i + 1] != ' ';
            column = folds ? Fold(output, indent) : Put(output, text, ref i, column);
        }
    }

    private static void SingleQuoted(StringBuilder output, string text, int indent, bool folds)
    {
        int column = ColumnOf(output) + 1;
        output.Append('\'');
        for (int i = 0; i < text.Length; i++)
        {
            if (folds && text[i] == ' ' && column > BestWidth && i > 0 && text[i - 1] != ' '
                && i + 1 < text.Length && text[i + 1] != ' ')
            {
                column = Fold(output, indent);
                continue;
            }

            if (text[i] == '\'')
            {
                output.Append('\'');
                column++;
            }

            column = Put(output, text, ref i, column);
        }

        output.Append('\'');
    }

    private static void DoubleQuoted(StringBuilder output, string text, int indent, bool folds)
    {
        int column = ColumnOf(output) + 1;
        bool afterSpace = false;
        output.Append('"');
        for (int i = 0; i < text.Length; i++)
        {
            if (folds && text[i] == ' ' && !afterSpace && column > BestWidth && i > 0 && i + 1 < text.Length)
            {
                column = Fold(output, indent);
                if (text[i + 1] == ' ')
                {
                    output.Append('\\');
                    column++;
                }

                afterSpace = true;
                continue;
            }

            afterSpace = text[i] == ' ';
            if (Rune.TryGetRuneAt(text, i, out Rune rune) && !NeedsEscape(rune))
            {
                column = Put(output, text, ref i, column);
                continue;
            }

            string escape = Escape(rune);
            output.Append(escape);
            column += escape.Length;
            i += rune.Utf16SequenceLength - 1;
        }

        output.Append('"');
    }

    private static void Literal(StringBuilder output, string text, int indent)
    {
        output.Append('|');
        if (text[0] is ' ' or '\n')
        {
            output.Append('2');
        }

        output.Append(text[^1] != '\n' ? "-" : text.Length == 1 || text[^2] == '\n' ? "+" : "");
        string[] lines = (text[^1] == '\n' ? text[..^1] : text).Split('\n');
        foreach (string line in lines)
        {
            output.Append('\n');
            if (line.Length > 0)
            {
                output.Append(' ', indent).Append(line);
            }
        }
    }

    private static bool NeedsEscape(Rune rune) =>
        rune.Value is '"' or '\\' || !ScalarTraits.IsPrintable(rune) || ScalarTraits.IsBreak(rune);

    private static string Escape(Rune rune) => rune.Value switch
    {
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        0xA => "\\n",
        0xB => "\\v",
        0xC => "\\f",
        0xD => "\\r",
        0x1B => "\\e",
        '"' => "\\\"",
        '\\' => "\\\\",
        0x85 => "\\N",
        0xA0 => "\\_",
        0x2028 => "\\L",
        0x2029 => "\\P",
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
    };

    private static int Put(StringBuilder output, string text, ref int at, int column)
    {
        output.Append(text[at]);
        if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length)
        {
            output.Append(text[++at]);
        }

        return column + 1;
    }

    private static int Fold(StringBuilder output, int indent)
    {
        output.Append('\n').Append(' ', indent);
        return indent;
    }

    private static int ColumnOf(StringBuilder output)
    {
        int column = 0;
        for (int i = output.Length - 1; i >= 0 && output[i] != '\n'; i--)
        {
            column += char.IsLowSurrogate(output[i]) ? 0 : 1;
        }

        return column;
    }
}
