using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>Reads an HTTP/1.1 answer as it came over the wire, as bash gives it.</summary>
internal static partial class HttpText
{
    /// <summary>The status and the body; no status when the text is no HTTP.</summary>
    public static (int? Status, string Body) Parse(string text)
    {
        Match first = StatusLine().Match(text);
        if (!first.Success)
        {
            return (null, "");
        }

        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string headers = end < 0 ? text : text[..end];
        string body = end < 0 ? "" : text[(end + 4)..];
        return (
            int.Parse(first.Groups[1].Value, CultureInfo.InvariantCulture),
            Chunked().IsMatch(headers) ? Dechunk(body) : body);
    }

    // Chunk sizes count bytes, so the text is taken apart as such.
    private static string Dechunk(string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        using MemoryStream whole = new();
        int position = 0;
        while (position < bytes.Length)
        {
            int line = Array.IndexOf(bytes, (byte)'\n', position);
            if (line < 0
                || !int.TryParse(
                    Encoding.ASCII.GetString(bytes, position, line - position).Split(';')[0].Trim(),
                    NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int size)
                || size <= 0)
            {
                break;
            }

            int length = Math.Min(size, bytes.Length - line - 1);
            whole.Write(bytes, line + 1, length);
            position = line + 1 + length + 2;
        }

        return Encoding.UTF8.GetString(whole.ToArray());
    }

    [GeneratedRegex(@"\AHTTP/[0-9.]+ ([0-9]{3})")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"^transfer-encoding:.*chunked", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Chunked();
}
