using System.Globalization;
using System.Text.RegularExpressions;
using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

/// <summary>The page can be read: the ratios are those of WCAG 2.1, 4.5 for text and 3 for what is drawn.</summary>
public sealed partial class ReportStyleTests
{
    [Theory]
    [InlineData(false, "ink", "ground panel goodground badground openground", 4.5)]
    [InlineData(false, "soft", "ground panel", 4.5)]
    [InlineData(false, "good", "ground goodground", 4.5)]
    [InlineData(false, "bad", "ground badground panel", 4.5)]
    [InlineData(false, "open", "ground openground", 4.5)]
    [InlineData(true, "ink", "ground panel goodground badground openground", 4.5)]
    [InlineData(true, "soft", "ground panel", 4.5)]
    [InlineData(true, "good", "ground goodground", 4.5)]
    [InlineData(true, "bad", "ground badground panel", 4.5)]
    [InlineData(true, "open", "ground openground", 4.5)]
    public void Words_StandOutFromTheirGround(bool isDark, string name, string grounds, double least)
    {
        // The dark set comes second; paper has the light one again.
        string set = ReportStyle.Css.Split("--ground:")[isDark ? 2 : 1];
        Assert.All(grounds.Split(' '), ground =>
            Assert.InRange(Contrast(Color("--ground:" + set, name), Color("--ground:" + set, ground)), least, 21));
    }

    [Fact]
    public void WordsOnAVersionsColour_StandOut()
    {
        Match[] fills = [.. Fill().Matches(ReportStyle.Css).Cast<Match>()];
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), fills.Select(match => match.Groups["i"].Value));
        string[] white = [.. White().Match(ReportStyle.Css).Value.Split(',')
            .Select(name => name.Replace("text.on", "", StringComparison.Ordinal))];
        Assert.All(fills, fill => Assert.InRange(
            Contrast(
                Rgb(fill.Groups["color"].Value), white.Contains(fill.Groups["i"].Value) ? [255, 255, 255] : [0, 0, 0]),
            4.5, 21));
    }

    [Fact]
    public void Style_HoldsNothingThatItMustEscape() => Assert.DoesNotMatch("[<>&]", ReportStyle.Css);

    [Fact]
    public void Paper_KeepsColoursAndParts()
    {
        string paper = ReportStyle.Css[ReportStyle.Css.IndexOf("@media print", StringComparison.Ordinal)..];
        Assert.Contains("print-color-adjust:exact", paper, StringComparison.Ordinal);
        Assert.Contains("color-scheme:light", paper, StringComparison.Ordinal);
        Assert.Contains("break-inside:avoid", paper, StringComparison.Ordinal);
    }

    private static int[] Color(string css, string name) => Rgb(
        Regex.Match(css, $"--{name}:(#[0-9a-f]+);").Groups[1].Value);

    private static int[] Rgb(string color)
    {
        string digits = color.TrimStart('#');
        digits = digits.Length == 3 ? string.Concat(digits.Select(digit => $"{digit}{digit}")) : digits;
        return [.. Enumerable.Range(0, 3).Select(i =>
            int.Parse(digits.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
    }

    private static double Contrast(int[] one, int[] other)
    {
        double[] lights = [.. new[] { Light(one), Light(other) }.Order()];
        return (lights[1] + 0.05) / (lights[0] + 0.05);
    }

    private static double Light(int[] rgb)
    {
        double[] linear = [.. rgb.Select(part => part / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    [GeneratedRegex(@"\.v(?<i>[0-9]+)\{fill:(?<color>#[0-9a-f]{6})\}")]
    private static partial Regex Fill();

    [GeneratedRegex(@"text\.on0[^{]*")]
    private static partial Regex White();
}
