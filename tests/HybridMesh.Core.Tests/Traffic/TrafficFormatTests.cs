using HybridMesh.Core;
using HybridMesh.Internal;

namespace HybridMesh.Core.Tests;

public sealed class TrafficFormatTests
{
    [Theory]
    [InlineData(30, 30, "######|")]
    [InlineData(40, 30, "######|##")]
    [InlineData(20, 30, "####  |")]
    [InlineData(0, 30, "      |")]
    [InlineData(0.1, 30, "#     |")]
    [InlineData(50, 50, "##########|")]
    [InlineData(50, 0, "##########")]
    [InlineData(0, 0, "")]
    [InlineData(50, 0.1, "#|#########")]
    public void ShareBar_MarksTheExpectedShare(double share, double expected, string bar) =>
        Assert.Equal(bar, Format.ShareBar(Row("v1", share, expected), 50, 10));

    [Fact]
    public void TrafficShift_NoTerminal_DrawsTheBarsBesideTheFiguresInEightyColumns()
    {
        string[] lines = Lines(Result(("v1", 295, 30), ("v2", 605, 60), ("v3", 100, 10)), 0);
        Assert.Equal("Version  Expected   Observed     Share  Interval (99.9 %)  # share | expected", lines[2]);
        Assert.Equal("v1         30.0 %        295    29.5 %  24.5 - 34.5 %      #########|", lines[3]);
        Assert.Equal("v2         60.0 %        605    60.5 %  55.5 - 65.5 %      ###################|", lines[4]);
        Assert.Equal("v3         10.0 %        100    10.0 %  5.0 - 15.0 %       ###|", lines[5]);
        Assert.All(lines[..6], line => Assert.InRange(line.Length, 0, 79));
    }

    [Fact]
    public void TrafficShift_Sentence_BreaksBetweenWordsAndOnlyInATerminal()
    {
        TrafficShiftResult result = Result(("v1", 1000, 100));
        Assert.Contains(result.Summary, Lines(result, 0));
        string[] lines = Lines(result, 80);
        Assert.Contains("Consistent: 1,000 answers fit 30:60:10 (p = 0.5); a shift of 5 points would", lines);
        Assert.Contains("have shown with 0.9.", lines);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void TrafficShift_AnyWidth_DrawsABarPerVersionWithinIt(int width)
    {
        string[] lines = Lines(Result(("v1", 1, 0), ("v2", 999, 100)), width);
        string[] bars = [.. lines.Where(line => line.Contains('#', StringComparison.Ordinal) && !line.Contains("expected", StringComparison.Ordinal))];
        Assert.Equal(2, bars.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width - 1));
    }

    [Fact]
    public void TrafficShift_LongVersionNames_DrawsTheBarsBelow()
    {
        string[] lines = Lines(Result(("a-version-with-a-long-name", 500, 50), ("b", 500, 50)), 80);
        Assert.Contains("b                           ##################################################|", lines);
    }

    [Theory]
    [InlineData(StopReason.Decided, "stopped as soon as it was decided")]
    [InlineData(StopReason.Failures, "stopped because too many failed")]
    public void TrafficShift_StoppedBeforeTheEnd_SaysWhy(StopReason reason, string words) =>
        Assert.Contains(
            words, Format.TrafficShift(Result(("v1", 10, 100)) with { StoppedBy = reason }), StringComparison.Ordinal);

    private static string[] Lines(TrafficShiftResult result, int width) =>
        Format.TrafficShift(result, width).ReplaceLineEndings("\n").Split('\n');

    private static TrafficShare Row(string version, double share, double expected, int observed = 0) => new()
    {
        Version = version,
        Expected = expected,
        Observed = observed,
        Share = share,
        IntervalLow = share - 5,
        IntervalHigh = share + 5,
    };

    [Fact]
    public void TrafficShift_SaysHowConnectionsWereUsedAndWhetherTheRateWasKept()
    {
        TrafficShiftResult result = Result(("v1", 1000, 100)) with { ConnectionsOpened = 8 };
        Assert.Contains("HTTP/1.1, 8 connections, kept" + Environment.NewLine, Format.TrafficShift(result), StringComparison.Ordinal);
        result = result with
        {
            Protocol = "gRPC",
            ConnectionMode = ConnectionMode.New,
            ConnectionsOpened = 1000,
            Retried = 3,
            Rate = 200,
            AchievedRate = 180.5,
            Late = 1200,
            Dropped = 5,
        };
        Assert.Contains(
            "gRPC, 1,000 connections, a new one for each request; 3 requests sent again; 180.5 of 200 requests/s begun, 1,200 late, 5 dropped"
                + Environment.NewLine,
            Format.TrafficShift(result),
            StringComparison.Ordinal);
    }

    [Fact]
    public void TrafficShift_EachVersion_HasItsLatencyAndErrors()
    {
        TrafficShiftResult result = Result(("v1", 900, 90), ("v2", 100, 10));
        LatencySummary slow = new() { P50 = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(90) };
        result = result with
        {
            Versions = [result.Versions[0], result.Versions[1] with { Latency = slow, Errors = 25 }],
        };
        string text = Format.TrafficShift(result);
        Assert.EndsWith("  v2: p50 50, p90 0, p95 0, p99 0, max 90 ms; 20 % errors", text, StringComparison.Ordinal);
        Assert.DoesNotContain("v1: p50", text, StringComparison.Ordinal);
    }

    private static TrafficShiftResult Result(params (string Version, int Observed, double Expected)[] rows) => new()
    {
        Uri = new Uri("http://127.0.0.1:8004/hello/eric"),
        Versions = [.. rows.Select(row => Row(row.Version, 100.0 * row.Observed / rows.Sum(r => r.Observed), row.Expected, row.Observed))],
        IntervalMethod = IntervalMethod.ClopperPearson,
        Verdict = Verdict.Consistent,
        Summary = "Consistent: 1,000 answers fit 30:60:10 (p = 0.5); a shift of 5 points would have shown with 0.9.",
        PValue = 0.5,
        PValueMethod = PValueMethod.ChiSquare,
        RequestsNeeded = 1906,
        Power = 0.9,
        StoppedBy = StopReason.Count,
        Alpha = 0.001,
        Tolerance = 5,
        Requests = 1000,
        Attributed = 1000,
        Unattributed = 0,
        Errors = new Dictionary<string, int>(),
        Elapsed = TimeSpan.FromSeconds(1),
        RequestsPerSecond = 1000,
        Latency = new LatencySummary(),
    };
}
