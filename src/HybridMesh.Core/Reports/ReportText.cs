using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HybridMesh.Core;

/// <summary>Texts of results as they are read on a page.</summary>
internal static partial class ReportText
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>A sentence whose tiny probabilities are written as people write them: 3×10⁻³⁷, not 3E-37.</summary>
    public static string Readable(string text) => TinyProbability().Replace(
        text, match => $"{match.Groups["number"]}×10⁻"
            + string.Concat(match.Groups["power"].Value.TrimStart('0').Select(digit => Superscripts[digit - '0'])));

    /// <summary>Weights in a row that is not broken between a version and its weight.</summary>
    public static string Weights(IReadOnlyList<TrafficWeight> weights) => weights.Count == 0
        ? "(none)" : string.Join(", ", weights.Select(weight => $"{weight}".Replace(' ', '\u00A0')));

    /// <summary>A sentence, and the command that mends it.</summary>
    public static object[] WithCommand(string text, string? command) =>
        command is null ? [Readable(text)] : [Readable(text), Html.Of("pre", command)];

    /// <summary>Words with the sign of their state; a few are not broken.</summary>
    public static XElement Marked(ReportState state, string words) => Html.Classed(
        "span", $"{(words.Length > 24 ? "" : "s ")}{ReportContext.Style(state)}",
        $"{ReportContext.Sign(state)} {words}");

    /// <summary>A name's place in a list in which vm2 comes before vm10.</summary>
    public static string Order(string? name) =>
        Digits().Replace(name ?? "", match => match.Value.PadLeft(20, '0'));

    [GeneratedRegex(@"(?<=\b(p = |probability ))(?<number>[0-9](\.[0-9]+)?)E-(?<power>[0-9]+)\b")]
    private static partial Regex TinyProbability();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
