using System.Globalization;
using System.Text;

namespace HybridMesh.Asm;

/// <summary>RFC 3986: letters, digits and <c>-_.~</c> stay, every other byte of UTF-8 becomes %XX.</summary>
internal static class PercentEncoding
{
    public static string Encode(string text)
    {
        StringBuilder encoded = new(text.Length + 16);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    /// <summary>A query or form body, in the order given.</summary>
    public static string Pairs(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('&', pairs.Select(pair => $"{Encode(pair.Key)}={Encode(pair.Value)}"));
}
