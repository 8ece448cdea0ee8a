using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class SampleSizeTests
{
    [Fact]
    public void Noncentrality_TwoDegreesAlphaOneInThousand_IsTheReference() =>
        Assert.Equal(23.817, ChiSquare.Noncentrality(2, 0.001, 0.9), 0.0005);

    [Fact]
    public void Noncentrality_AlphaOnePercent_IsTheReference() =>
        Assert.Equal(17.43, ChiSquare.Noncentrality(2, 0.01, 0.9), 0.005);

    [Theory]
    [InlineData(new double[] { 30, 60, 10 }, 1906)]
    [InlineData(new double[] { 10, 30, 60 }, 1906)]
    [InlineData(new double[] { 3, 6, 1 }, 1906)]
    [InlineData(new double[] { 30, 60, 10, 0 }, 1906)]
    [InlineData(new double[] { 100 }, 45)]
    [InlineData(new double[] { 0, 7 }, 45)]
    public void Needed_DefaultAlphaAndTolerance_IsTheReference(double[] weights, int expected) =>
        Assert.Equal(expected, SplitJudgement.Needed(Split(weights), 0.001, 5));

    [Theory]
    // Shares wrong by other amounts than the tolerance, from the reference's table (alpha 0.01): the pair that moves
    // is the one named, so the needed n is lambda / sum((d_i)^2 / p_i).
    [InlineData(30, 58, 12, 3735)]
    [InlineData(33, 57, 10, 3873)]
    [InlineData(31, 60, 9, 13072)]
    [InlineData(30, 65, 5, 598)]
    public void Noncentrality_KnownAlternatives_GiveTheReferencesSizes(double v1, double v2, double v3, int expected)
    {
        double effect = Math.Pow(v1 - 30, 2) / 30 + Math.Pow(v2 - 60, 2) / 60 + Math.Pow(v3 - 10, 2) / 10;
        Assert.Equal(expected, ChiSquare.Noncentrality(2, 0.01, 0.9) / (effect / 100), 3.0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public void Needed_LargerTolerance_NeedsFewer(double tolerance) =>
        Assert.True(
            SplitJudgement.Needed(Split([30, 60, 10]), 0.001, tolerance)
            > SplitJudgement.Needed(Split([30, 60, 10]), 0.001, tolerance + 1));

    [Theory]
    [InlineData(3, 0.5)]
    [InlineData(100, 0.05)]
    public void Needed_NoVersionHasAsMuchAsTheTolerance_IsEnoughToMissOneOfThem(int versions, double tolerance)
    {
        double[] shares = [.. Enumerable.Repeat(1.0 / versions, versions)];
        int needed = SampleSize.Needed(shares, 0.001, tolerance);
        Assert.InRange(SampleSize.PowerOf(needed, shares, 0.001, tolerance), 0.88, 1);
        Assert.Equal(0, SampleSize.PowerOf(versions / 3, shares, 0.001, tolerance), 0.5);

        // One version's whole traffic goes to another.
        const int Runs = 200;
        double[] truth = [0, 2 * shares[0], .. shares[2..]];
        Random random = new(11);
        RejectionRegion region = new(needed, shares, 0.001);
        int noticed = Enumerable.Range(0, Runs).Count(_ => region.Rejects(Draws.Multinomial(random, needed, truth)));
        Assert.InRange((double)noticed / Runs, 0.83, 1);
    }

    [Fact]
    public void Needed_TrueShiftOfTolerance_IsNoticedNineTimesInTen()
    {
        // The worst pair of 30:60:10, in both directions; the reference gives .912 and .929 at 2,000.
        SplitExpectation expected = Split([30, 60, 10]);
        int needed = SplitJudgement.Needed(expected, 0.001, 5);
        RejectionRegion region = new(needed, [.. expected.Shares], 0.001);
        Random random = new(20240917);
        foreach (double[] truth in new[] { new[] { 0.35, 0.55, 0.10 }, [0.25, 0.65, 0.10] })
        {
            const int Runs = 3000;
            int noticed = Enumerable.Range(0, Runs).Count(_ => region.Rejects(Draws.Multinomial(random, needed, truth)));
            Assert.InRange((double)noticed / Runs, 0.87, 0.93);
        }
    }

    [Theory]
    [InlineData(new double[] { 99, 1 }, 0.05, 83)]
    [InlineData(new double[] { 90, 5, 5 }, 0.05, 452)]
    [InlineData(new double[] { 90, 5, 5 }, 0.02, 2821)]
    [InlineData(new double[] { 999, 1 }, 0.001, 20883)]
    [InlineData(new double[] { 97, 1, 1, 1 }, 0.05, 103)]
    public void Needed_SmallShares_TakesMoreThanTheFormulaAndThenHasThePower(double[] weights, double shift, int formula)
    {
        double[] shares = [.. Split(weights).Shares];
        double[] largest = [.. shares.OrderDescending()];
        double effect = shift * shift * ((1 / largest[0]) + (1 / largest[1]));
        Assert.Equal(formula, ChiSquare.Noncentrality(shares.Length - 1, 0.001, 0.9) / effect, 1.0);
        Assert.InRange(SplitPower.Least(formula, shares, 0.001, shift), 0, 0.88);
        int needed = SampleSize.Needed(shares, 0.001, shift);
        Assert.InRange(SplitPower.Least(needed, shares, 0.001, shift), 0.9, 0.92);
    }

    [Theory]
    [InlineData(new double[] { 30, 60, 10 })]
    [InlineData(new double[] { 50, 50 })]
    [InlineData(new double[] { 25, 25, 25, 25 })]
    [InlineData(new double[] { 70, 20, 5, 5 })]
    [InlineData(new double[] { 99, 1 })]
    public void Needed_AboveThreeThousand_HasThePowerWithinTwoPoints(double[] weights)
    {
        double[] shares = [.. Split(weights).Shares];
        foreach (double shift in new[] { 0.002, 0.005, 0.01 })
        {
            int needed = SampleSize.Needed(shares, 0.001, shift);
            if (needed > 3000)
            {
                Assert.InRange(SplitPower.Least(needed, shares, 0.001, shift), 0.88, 0.92);
            }
        }
    }

    [Theory]
    [InlineData(500, new[] { 0.3, 0.6, 0.1 })]
    [InlineData(3000, new[] { 0.3, 0.6, 0.1 })]
    [InlineData(2000, new[] { 0.96, 0.01, 0.01, 0.01, 0.01 })]
    public void PValue_TrueSplit_RaisesNoMoreFalseAlarmsThanAlpha(int answers, double[] shares)
    {
        const double Alpha = 0.01;
        const int Runs = 6000;
        Random random = new(7);
        RejectionRegion region = new(answers, shares, Alpha);
        int alarms = Enumerable.Range(0, Runs).Count(_ => region.Rejects(Draws.Multinomial(random, answers, shares)));

        // Sixty are expected of 6,000 at most; three standard deviations are allowed to chance.
        Assert.InRange(alarms, 1, 83);
    }

    private static SplitExpectation Split(double[] weights) => SplitExpectation.FromWeights(
        weights.Select((weight, i) => KeyValuePair.Create($"v{i + 1}", weight)));
}
