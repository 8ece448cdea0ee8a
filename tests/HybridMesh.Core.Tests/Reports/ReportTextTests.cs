using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class ReportTextTests
{
    [Theory]
    [InlineData("do not fit (p = 3E-37).", "do not fit (p = 3×10⁻³⁷).")]
    [InlineData("with probability 9.72E-288, below alpha", "with probability 9.72×10⁻²⁸⁸, below alpha")]
    [InlineData("with probability 5.55E-04", "with probability 5.55×10⁻⁴")]
    [InlineData("p = 0.41", "p = 0.41")]
    [InlineData("a version named 1E-5", "a version named 1E-5")]
    public void Readable_WritesTinyProbabilitiesAsPeopleDo(string text, string expected) =>
        Assert.Equal(expected, ReportText.Readable(text));

    [Fact]
    public void Order_PutsTwoBeforeTen() =>
        Assert.Equal(
            ["vm1", "vm2", "vm10"], new[] { "vm10", "vm2", "vm1" }.OrderBy(ReportText.Order, StringComparer.Ordinal));

    [Fact]
    public void Fit_KeepsBothEndsWithinTheRoom()
    {
        string fitted = SvgText.Fit("hello3-deploy-cb320ed76b-58bm4", 100, 11);
        Assert.StartsWith("hello3", fitted, StringComparison.Ordinal);
        Assert.EndsWith("bm4", fitted, StringComparison.Ordinal);
        Assert.True(SvgText.Measure(fitted, 11) <= 100);
        Assert.Equal("short", SvgText.Fit("short", 100, 11));
    }

    [Fact]
    public void FitAndLines_CutNoCharacterInHalf()
    {
        string text = string.Concat(Enumerable.Repeat("\U0001F600", 40));
        for (double room = 1; room < 200; room += 7)
        {
            (string first, string? second) = SvgText.Lines(text, room, 11);
            Assert.DoesNotContain('\uFFFD', Utf8(SvgText.Fit(text, room, 11)) + Utf8(first) + Utf8(second ?? ""));
        }
    }

    [Fact]
    public void Lines_BreakBehindASign_AndLoseNothingThatFits()
    {
        (string first, string? second) = SvgText.Lines("mesh-expansion-hello2-svc-2", 105, 11);
        Assert.Equal(("mesh-expansion-", "hello2-svc-2"), (first, second));
        Assert.Equal(("short", null), SvgText.Lines("short", 105, 11));
        Assert.Equal(("", null), SvgText.Lines("", 0, 11));
    }

    private static string Utf8(string text) => System.Text.Encoding.UTF8.GetString(
        System.Text.Encoding.UTF8.GetBytes(text));
}
