using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>
/// Reads the chain of hops out of an answer. Three shapes exist in the field:
/// <c>Hello eric(172.18.0.230)&lt;-Bonjour eric(192.168.0.171)</c>,
/// <c>Hello eric@hello1:172.18.0.230[12ms]&lt;Bonjour eric@vm2:192.168.0.171[9ms]</c> and, of <c>/bye</c>,
/// <c>Bye byeAu revoirBye bye(172.18.1.36)</c>, where only the last hop gives its address.
/// </summary>
public static partial class HopParser
{
    // Longer answers are no chains; it also bounds what a hostile server can make us do.
    private const int MaxLength = 16 * 1024;

    private static readonly string[] Farewells = ["Bye bye", "Au revoir", "Adióbais"];

    /// <summary>The hops from the nearest to the last; none when the text is no chain.</summary>
    public static IReadOnlyList<MeshHop> Parse(string? answer)
    {
        string text = (answer ?? "").Trim();
        if (text.Length is 0 or > MaxLength)
        {
            return [];
        }

        // What follows an address decides, not what the caller's word may contain.
        return Chain(Bracketed(), text) ?? Chain(Annotated(), text) ?? [];
    }

    private static List<MeshHop>? Chain(Regex hop, string text)
    {
        List<MeshHop> hops = [];
        int position = 0;
        while (position < text.Length)
        {
            Match match = hop.Match(text, position);
            if (!match.Success || match.Index != position || match.Length == 0
                || !IPAddress.TryParse(match.Groups["address"].Value, out _))
            {
                return null;
            }

            hops.AddRange(Hops(match));
            position += match.Length;
        }

        return hops;
    }

    private static IEnumerable<MeshHop> Hops(Match match)
    {
        string text = match.Groups["text"].Value;
        while (Array.Find(
            Farewells, word => text.StartsWith(word, StringComparison.Ordinal) && text.Length > word.Length) is { } word
            && Array.Exists(Farewells, next => text[word.Length..].StartsWith(next, StringComparison.Ordinal)))
        {
            yield return new MeshHop { Greeting = word };
            text = text[word.Length..];
        }

        bool farewell = Farewells.Contains(text);
        int space = farewell ? -1 : text.IndexOf(' ', StringComparison.Ordinal);
        yield return new MeshHop
        {
            Greeting = space < 0 ? text : text[..space],
            Message = space < 0 ? null : text[(space + 1)..],
            Address = match.Groups["address"].Value,
            Name = match.Groups["name"] is { Success: true, Value: string name } ? name : null,
            Latency = match.Groups["took"].Success
                ? TimeSpan.FromMilliseconds(double.Parse(match.Groups["took"].Value, CultureInfo.InvariantCulture))
                : null,
        };
    }

    [GeneratedRegex(
        @"\G(?<text>.*?)\((?<address>[0-9A-Fa-f.:]{3,45})\)(?:<-|$)",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();

    [GeneratedRegex(
        @"\G(?<text>.*?)@(?<name>[^@<>\[\]\s:]*):(?<address>[0-9A-Fa-f.:]{3,45})"
            + @"(?:\[(?<took>[0-9]{1,9}(?:\.[0-9]{1,9})?)ms\])?(?:<-?|$)",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Annotated();
}
