using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Yaml;

/// <summary>
/// Plain YAML scalars as kubectl reads them (sigs.k8s.io/yaml, YAML 1.1 with exceptions): yes, on and y are true, 0644
/// is octal, 1_000 is a number, dates and base 60 are text. Quoted scalars are text.
/// </summary>
internal static partial class YamlScalar
{
    private static readonly HashSet<string> True =
        ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];

    private static readonly HashSet<string> False =
        ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];

    private static readonly HashSet<string> Null = ["", "~", "null", "Null", "NULL"];

    /// <summary>The value of a plain scalar.</summary>
    /// <exception cref="FormatException">It is a number JSON can't hold, such as .inf.</exception>
    public static JsonNode? Plain(string text)
    {
        if (Null.Contains(text))
        {
            return null;
        }

        if (True.Contains(text) || False.Contains(text))
        {
            return JsonValue.Create(True.Contains(text));
        }

        return Special().IsMatch(text)
            ? throw new FormatException($"'{text}' is no number that JSON can hold; quote it to make it text.")
            : Number(text) ?? JsonValue.Create(text);
    }

    /// <summary>
    /// Whether a plain scalar is this very string to every reader: not a number or boolean, nor a date or a base 60
    /// number, which our own reader takes for text.
    /// </summary>
    public static bool IsPlainString(string text) =>
        !Null.Contains(text) && !True.Contains(text) && !False.Contains(text) && !Special().IsMatch(text)
        && Number(text) is null && !Base60().IsMatch(text) && !Date().IsMatch(text);

    /// <summary>
    /// The value of a scalar with a tag of YAML's own, such as !!str; null when the tag is none of those.
    /// </summary>
    public static (bool Known, JsonNode? Value) Tagged(string tag, string text) => tag switch
    {
        "tag:yaml.org,2002:str" or "!" => (true, JsonValue.Create(text)),
        "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" => (true, Number(text) ?? throw new FormatException(
            $"'{text}' is no number.")),
        "tag:yaml.org,2002:bool" => (true, True.Contains(text) || False.Contains(text)
            ? JsonValue.Create(True.Contains(text))
            : throw new FormatException($"'{text}' is neither true nor false.")),
        "tag:yaml.org,2002:null" => (true, null),
        _ => (false, null),
    };

    private static JsonNode? Number(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.'))
        {
            return null;
        }

        string plain = text.Replace("_", "", StringComparison.Ordinal);
        string digits = plain.TrimStart('+', '-');
        if (plain.Length - digits.Length > 1)
        {
            return null;
        }

        if (Integer(digits) is { } magnitude)
        {
            BigInteger value = plain[0] == '-' ? -magnitude : magnitude;
            // JSON numbers have no bound; the server says what it can take.
            return JsonNode.Parse(value.ToString(CultureInfo.InvariantCulture));
        }

        if (!Float().IsMatch(plain)
            || !double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            || !double.IsFinite(real))
        {
            return null;
        }

        // 1.0 and 1e3 are whole numbers in JSON as Go writes it, and the server wants them so for integers.
        return real == Math.Floor(real) && Math.Abs(real) < 1e15
            ? JsonValue.Create((long)real) : JsonValue.Create(real);
    }

    private static BigInteger? Integer(string digits) => digits switch
    {
        ['0', 'x' or 'X', .. { Length: > 0 } rest] => InBase(rest, 16),
        ['0', 'o' or 'O', .. { Length: > 0 } rest] => InBase(rest, 8),
        ['0', 'b' or 'B', .. { Length: > 0 } rest] => InBase(rest, 2),
        ['0', .. { Length: > 0 } rest] => InBase(rest, 8),
        _ => InBase(digits, 10),
    };

    private static BigInteger? InBase(string digits, int radix)
    {
        BigInteger value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return digits.Length == 0 ? null : value;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Float();

    [GeneratedRegex(@"^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$")]
    private static partial Regex Special();

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$")]
    private static partial Regex Base60();

    // With a T the zone must be there, with a space it must not.
    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
        + @"([Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})"
        + @"|[ ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?)?$")]
    private static partial Regex Date();
}
