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
        Assert.Equal(Math.Exp(-SplitTest.Statistic([590, 1211, 199], [0.3, 0.6, 0.1]) / 2), judgement.PValue, 0.01);
        Assert.Equal(0.91, judgement.Power, 0.01);
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
    public void Of_LessThanItTakes_SaysThePowerThereIs()
    {
        SplitJudgement judgement = Judge(ThirtySixtyTen, ("v1", 30), ("v2", 60), ("v3", 10));
        Assert.InRange(judgement.Power, 0.001, 0.05);
        Assert.Equal(0, Judge(ThirtySixtyTen).Power);
        Assert.Equal(1 - Math.Pow(0.95, 45), Judge(Split(("v1", 100)), ("v1", 45)).Power, 1e-12);
    }

    private static int Needed => SplitJudgement.Needed(ThirtySixtyTen, 0.001, 5, untilDecided: true);

    [Fact]
    public void Of_AfterASequentialTestThatDidNotReject_ThePValuesAreDividedByTheirParts()
    {
        Dictionary<string, int> observed = new() { ["v1"] = 590, ["v2"] = 1211, ["v3"] = 199 };
        EarlyDecision early = Fed(observed);
        Assert.Null(early.DecidedAt);
        SplitJudgement judgement = SplitJudgement.Of(ThirtySixtyTen, observed, 0.001, 5, Needed, early);
        double atEnd = SplitJudgement.Of(ThirtySixtyTen, observed, 0.001, 5).PValue;
        Assert.Equal(Math.Min(1, Math.Min(early.PValue / 0.2, atEnd / 0.8)), judgement.PValue, 1e-12);
        Assert.Equal((Verdict.Consistent, IntervalMethod.ConfidenceSequence), (judgement.Verdict, judgement.IntervalMethod));
        Assert.InRange(Needed, 1907, 2000);
    }

    [Fact]
    public void Of_AfterASequentialTestThatRejected_TheLaterAnswersChangeNothing()
    {
        Dictionary<string, int> wrong = new() { ["v1"] = 40, ["v2"] = 20, ["v3"] = 40 };
        EarlyDecision early = Fed(wrong);
        Assert.InRange(early.DecidedAt!.Value, 10, 99);
        SplitJudgement judgement = SplitJudgement.Of(
            ThirtySixtyTen, new Dictionary<string, int> { ["v1"] = 300, ["v2"] = 600, ["v3"] = 100 }, 0.001, 5, Needed, early);
        Assert.Equal((Verdict.Inconsistent, PValueMethod.Sequential), (judgement.Verdict, judgement.PValueMethod));
        Assert.Equal(early.PValue / 0.2, judgement.PValue, 1e-12);
        Assert.StartsWith($"Inconsistent, as {early.DecidedAt} answers proved", judgement.Summary, StringComparison.Ordinal);
    }

    // The versions answer in turns, each as long as it has answers left.
    private static EarlyDecision Fed(Dictionary<string, int> observed)
    {
        EarlyDecision early = new(ThirtySixtyTen, 0.001);
        string[] answers =
        [
            .. observed.SelectMany(row => Enumerable.Range(0, row.Value).Select(i => (row.Key, At: (i + 0.5) / row.Value)))
                .OrderBy(answer => answer.At).Select(answer => answer.Key),
        ];
        for (int i = 0; i < answers.Length; i++)
        {
            early.Add(i, answers[i]);
        }

        return early;
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
