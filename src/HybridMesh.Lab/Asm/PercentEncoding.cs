using System.Text;

namespace HybridMesh.Lab;

/// <summary>RFC 3986 percent-encoding, as signatures want it.</summary>
internal static class PercentEncoding
{
    public static string Encode(string text)
    {
        StringBuilder encoded = new(text.Length);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append('%').Append(value.ToString("X2", null));
            }
        }

        return encoded.ToString();
    }

    /// <summary>The decoded names and values of a query or form, in order; <c>+</c> is a space.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string text) =>
    [
        .. text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair =>
        {
            string[] parts = pair.Split('=', 2);
            return KeyValuePair.Create(Decode(parts[0]), parts.Length == 2 ? Decode(parts[1]) : "");
        }),
    ];

    /// <summary>The canonical form that is signed: sorted by name, encoded anew.</summary>
    public static string Canonical(IEnumerable<KeyValuePair<string, string>> pairs) => string.Join('&', pairs
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => $"{Encode(pair.Key)}={Encode(pair.Value)}"));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
