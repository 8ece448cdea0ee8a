using HybridMesh.Core;
using MathNet.Numerics.Distributions;

namespace HybridMesh.Core.Tests;

public sealed class SplitPowerTests
{
    private static readonly double[] ThirtySixtyTen = [0.3, 0.6, 0.1];

    [Theory]
    [InlineData(0, 1, 0.912)]
    [InlineData(1, 0, 0.929)]
    public void Of_TwoThousandAnswers_IsTheReference(int gains, int loses, double expected)
    {
        RejectionRegion region = new(2000, ThirtySixtyTen, 0.001);
        Assert.Equal(PValueMethod.ChiSquare, region.Method);
        Assert.Equal(expected, SplitPower.Of(region, ThirtySixtyTen, gains, loses, 0.05), 0.002);
    }

    [Theory]
    [InlineData(100, 0.001, 0.3, 0.6, 0.1, 0.1)]
    [InlineData(60, 0.05, 0.9, 0.05, 0.05, 0.05)]
    public void Of_FewAnswersOfThreeVersions_IsTheSumOverAllOutcomes(
        int total, double alpha, double v1, double v2, double v3, double shift)
    {
        double[] shares = [v1, v2, v3];
        double[] truth = [v1 - shift, v2, v3 + shift];
        Multinomial oracle = new(truth, total);
        double power = 0;
        for (int a = 0; a <= total; a++)
        {
            for (int b = 0; b <= total - a; b++)
            {
                int[] counts = [a, b, total - a - b];
                power += ExactTests.Multinomial(counts, shares) < alpha ? oracle.Probability(counts) : 0;
            }
        }

        Assert.Equal(power, SplitPower.Of(new(total, shares, alpha), shares, 2, 0, shift), 1e-9);
    }

    [Theory]
    [InlineData(80, 0.01, 0.05, 0.95)]
    [InlineData(500, 0.001, 0.05, 0.05)]
    [InlineData(83, 0.001, 0.01, 0.05)]
    public void Of_TwoVersions_IsTheBinomialTestsPower(int total, double alpha, double share, double shift)
    {
        double truth = Math.Min(1 - 1e-12, share + shift);
        double power = Enumerable.Range(0, total + 1)
            .Where(count => ExactTests.Multinomial([count, total - count], [share, 1 - share]) < alpha)
            .Sum(count => Binomial.PMF(truth, total, count));
        Assert.Equal(power, SplitPower.Of(new(total, [share, 1 - share], alpha), [share, 1 - share], 0, 1, shift), 1e-6);
    }

    [Theory]
    // One case per test: Exact by all outcomes, ChiSquare with others lumped together, Bonferroni.
    [InlineData(150, 0.01, new[] { 0.4, 0.3, 0.2, 0.1 }, PValueMethod.Exact)]
    [InlineData(1300, 0.001, new[] { 0.4, 0.3, 0.2, 0.1 }, PValueMethod.ChiSquare)]
    [InlineData(1297, 0.001, new[] { 0.25, 0.25, 0.25, 0.25 }, PValueMethod.ChiSquare)]
    [InlineData(260, 0.001, new[] { 0.97, 0.01, 0.01, 0.01 }, PValueMethod.Bonferroni)]
    public void Of_FourVersions_IsTheSimulatedShareOfRejections(int total, double alpha, double[] shares, PValueMethod method)
    {
        const double Shift = 0.05;
        const int Runs = 4000;
        double[] truth = [.. shares];
        truth[1] += Shift;
        truth[0] -= Shift;
        RejectionRegion region = new(total, shares, alpha);
        Assert.Equal(method, region.Method);
        Random random = new(8);
        double simulated =
            (double)Enumerable.Range(0, Runs).Count(_ => region.Rejects(Draws.Multinomial(random, total, truth))) / Runs;
        Assert.Equal(simulated, SplitPower.Of(region, shares, 1, 0, Shift), 0.02);
    }

    [Theory]
    [InlineData(60, 0.001)]
    [InlineData(60, 0.05)]
    [InlineData(300, 0.01)]
    public void Region_EveryCount_RejectsJustWhenThePValueIsBelowAlpha(int total, double alpha)
    {
        double[] shares = [0.25, 0.25, 0.4, 0.1];
        Random random = new(6);
        RejectionRegion region = new(total, shares, alpha);
        int rejected = 0;
        for (int i = 0; i < 200; i++)
        {
            int[] counts = Draws.Multinomial(random, total, i % 2 == 0 ? shares : [0.4, 0.2, 0.25, 0.15]);
            bool expected = SplitTest.PValue(counts, shares).PValue < alpha;
            Assert.Equal(expected, region.Rejects(counts));
            rejected += expected ? 1 : 0;
        }

        Assert.InRange(rejected, 1, 199);
    }

    [Theory]
    // By full enumeration, the chi-square distribution alone would reject 1.34 and 2.06 times as often as promised.
    [InlineData(0.001)]
    [InlineData(0.0001)]
    public void PearsonTail_SmallShares_RejectsARightSplitAsOftenAsPromised(double alpha)
    {
        double[] shares = [0.0177, 0.0177, 0.9646];
        const int Total = 1420;
        Assert.Equal(PValueMethod.ChiSquare, SplitTest.Method(Total, shares));
        double plain = ChiSquare.UpperQuantile(alpha, 2);
        double corrected = PearsonTail.Critical(alpha, Total, shares);
        double tooOften = 0;
        double often = 0;
        for (int a = 0; a < 120; a++)
        {
            for (int b = 0; b < 120; b++)
            {
                int[] counts = [a, b, Total - a - b];
                double p = Math.Exp(Multinomial(counts, shares));
                double statistic = SplitTest.Statistic(counts, shares);
                tooOften += statistic >= plain ? p : 0;
                often += statistic >= corrected ? p : 0;
            }
        }

        Assert.InRange(tooOften / alpha, 1.3, 2.2);
        Assert.InRange(often / alpha, 0.95, 1.05);
    }

    private static double Multinomial(int[] counts, double[] shares) =>
        MathNet.Numerics.SpecialFunctions.FactorialLn(counts.Sum())
        + counts.Select((count, i) => (count * Math.Log(shares[i])) - MathNet.Numerics.SpecialFunctions.FactorialLn(count)).Sum();
}
