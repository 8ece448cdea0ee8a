using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class SplitJudgementTests
{
    private static readonly SplitExpectation ThirtySixtyTen = Split(("v1", 30), ("v2", 60), ("v3", 10));

    [Fact]
    public void Of_TheArticlesHundredRequests_IsUndecided()
    {
        SplitJudgement judgement = Judge(ThirtySixtyTen, ("v1", 28), ("v2", 61), ("v3", 11));
        Assert.Equal(Verdict.Undecided, judgement.Verdict);
        Assert.Equal(1906, judgement.RequestsNeeded);
        Assert.Equal(PValueMethod.Exact, judgement.PValueMethod);
        Assert.Equal(
            "Undecided: 100 answers fit 30:60:10, but telling a shift of 5 points between two versions takes 1,906.",
            judgement.Summary);
    }

    [Fact]
    public void Of_EnoughFittingAnswers_IsConsistent()
    {
        SplitJudgement judgement = Judge(ThirtySixtyTen, ("v1", 590), ("v2", 1211), ("v3", 199));
        Assert.Equal(Verdict.Consistent, judgement.Verdict);
        Assert.Equal(PValueMethod.ChiSquare, judgement.PValueMethod);
        Assert.Equal(Math.Exp(-SplitTest.Statistic([590, 1211, 199], [0.3, 0.6, 0.1]) / 2), judgement.PValue, 1e-12);
        Assert.StartsWith("Consistent: 2,000 answers fit 30:60:10 (p = 0.8", judgement.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnotherSplit_IsInconsistent()
    {
        SplitJudgement judgement = Judge(ThirtySixtyTen, ("v1", 600), ("v2", 1000), ("v3", 400));
        Assert.Equal(Verdict.Inconsistent, judgement.Verdict);
        Assert.InRange(judgement.PValue, 0, 1e-20);
    }

    [Fact]
    public void Of_FewAnswersPlainlyWrong_IsInconsistentAtOnce() =>
        Assert.Equal(Verdict.Inconsistent, Judge(ThirtySixtyTen, ("v1", 0), ("v2", 0), ("v3", 30)).Verdict);

    [Fact]
    public void Of_VersionNobodyExpects_IsInconsistentAndHasARow()
    {
        SplitJudgement judgement = Judge(ThirtySixtyTen, ("v1", 600), ("v2", 1200), ("v3", 199), ("v9", 1));
        Assert.Equal(Verdict.Inconsistent, judgement.Verdict);
        TrafficShare row = Assert.Single(judgement.Shares, share => share.Version == "v9");
        Assert.Equal((0, 1), (row.Expected, row.Observed));
        Assert.Contains("v9", judgement.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ExpectedZeroAnswersOnce_IsInconsistent() =>
        Assert.Equal(
            Verdict.Inconsistent,
            Judge(Split(("v1", 100), ("v2", 0)), ("v1", 9999), ("v2", 1)).Verdict);

    [Theory]
    [InlineData(44, Verdict.Undecided)]
    [InlineData(45, Verdict.Consistent)]
    public void Of_OneVersionAlone_NeedsFortyFive(int answers, Verdict expected) =>
        Assert.Equal(expected, Judge(Split(("v1", 100)), ("v1", answers)).Verdict);

    [Fact]
    public void Of_ManyAnswersAtTheThreshold_TurnsConsistentExactlyThere()
    {
        Assert.Equal(Verdict.Undecided, Judge(ThirtySixtyTen, ("v1", 571), ("v2", 1144), ("v3", 190)).Verdict);
        Assert.Equal(Verdict.Consistent, Judge(ThirtySixtyTen, ("v1", 572), ("v2", 1144), ("v3", 190)).Verdict);
    }

    [Fact]
    public void Of_NoAnswers_IsUndecidedWithFullIntervals()
    {
        SplitJudgement judgement = Judge(ThirtySixtyTen);
        Assert.Equal(Verdict.Undecided, judgement.Verdict);
        Assert.All(judgement.Shares, share => Assert.Equal((0, 100), (share.IntervalLow, share.IntervalHigh)));
    }

    [Fact]
    public void Of_Intervals_HoldTheirShareAndShrinkWithAnswers()
    {
        TrafficShare few = Judge(ThirtySixtyTen, ("v1", 30), ("v2", 60), ("v3", 10)).Shares[0];
        TrafficShare many = Judge(ThirtySixtyTen, ("v1", 3000), ("v2", 6000), ("v3", 1000)).Shares[0];
        Assert.InRange(few.Share, few.IntervalLow, few.IntervalHigh);
        Assert.True(many.IntervalHigh - many.IntervalLow < (few.IntervalHigh - few.IntervalLow) / 5);
    }

    [Fact]
    public void Goodman_OfManyRuns_HoldsAllSharesTogetherAtLeastAsOftenAsPromised()
    {
        double[] shares = [0.3, 0.6, 0.1];
        Random random = new(3);
        const int Runs = 2000;
        int held = Enumerable.Range(0, Runs).Count(_ =>
        {
            int[] counts = Draws.Multinomial(random, 400, shares);
            return counts.Select((count, i) => (Interval: ShareInterval.Goodman(count, 400, 3, 0.05), Share: shares[i]))
                .All(row => row.Interval.Low <= row.Share && row.Share <= row.Interval.High);
        });
        Assert.InRange((double)held / Runs, 0.94, 0.99);
    }

    [Fact]
    public void FromWeights_SumOtherThanHundred_IsProportions() =>
        Assert.Equal([0.3, 0.6, 0.1], Split(("v1", 3), ("v2", 6), ("v3", 1)).Shares.Select(s => Math.Round(s, 12)));

    [Fact]
    public void FromWeights_AllZero_IsRefused()
    {
        MeshException e = Assert.Throws<MeshException>(() => Split(("v1", 0), ("v2", 0)));
        Assert.Equal(MeshErrorCode.ArgumentInvalid, e.Code);
        Assert.Contains("zero", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FromWeights_NoShare_IsRefusedNamingTheVersion(double weight) =>
        Assert.Contains("'v2'", Assert.Throws<MeshException>(() => Split(("v1", 1), ("v2", weight))).Message, StringComparison.Ordinal);

    private static SplitJudgement Judge(SplitExpectation expected, params (string Version, int Count)[] observed) =>
        SplitJudgement.Of(expected, observed.ToDictionary(row => row.Version, row => row.Count), 0.001, 5);

    private static SplitExpectation Split(params (string Version, double Weight)[] weights) =>
        SplitExpectation.FromWeights(weights.Select(row => KeyValuePair.Create(row.Version, row.Weight)));
}
