using System.Globalization;
using System.Text;

namespace HybridMesh.Core;

/// <summary>Reads what <see cref="SidecarScript"/> printed.</summary>
internal sealed class SidecarReport
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private SidecarReport()
    {
    }

    /// <summary>Whether the script came to its end.</summary>
    public bool IsWhole { get; private init; }

    public string? this[string name] => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public bool Has(string name) => _values.ContainsKey(name);

    public static SidecarReport Parse(string output)
    {
        SidecarReport report = new() { IsWhole = output.Contains("\nend .\n", StringComparison.Ordinal) };
        foreach (string line in output.Split('\n'))
        {
            string[] words = line.Split(' ', 2);
            if (words[0] == "end")
            {
                // What follows are answers of others, which may say anything.
                break;
            }

            report._values.TryAdd(words[0], words.Length > 1 ? words[1].TrimEnd('\r') : "");
        }

        return report;
    }

    /// <summary>The bytes of a file; null when it is not there.</summary>
    public byte[]? Bytes(string name) => _values.TryGetValue(name, out string? value)
        ? Convert.FromBase64String(value)
        : null;

    /// <summary>The text of a file; null when it is not there.</summary>
    public string? Text(string name) => Bytes(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    public DateTimeOffset? Time(string name) =>
        long.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    public (SidecarTokenState State, TokenFacts? Facts) Token(string name) => this[name] switch
    {
        null => (SidecarTokenState.Missing, null),
        // The parts around it stayed on the VM.
        { } text when text.StartsWith("payload ", StringComparison.Ordinal)
            && TokenFacts.Read($".{text[8..]}.") is { } facts => (SidecarTokenState.Present, facts),
        _ => (SidecarTokenState.Malformed, null),
    };
}
