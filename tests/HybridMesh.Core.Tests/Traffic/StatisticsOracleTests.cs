using HybridMesh.Core;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace HybridMesh.Core.Tests;

/// <summary>Our own statistics against an implementation no one here wrote, over grids.</summary>
public sealed class StatisticsOracleTests
{
    public static TheoryData<double> Degrees => [1, 2, 3, 5, 9, 20, 100];

    [Fact]
    public void GammaLog_Grid_MatchesOracle()
    {
        for (double x = 0.05; x < 2e6; x *= 1.37)
        {
            Near(SpecialFunctions.GammaLn(x), GammaFunction.Log(x), 1e-12);
        }
    }

    [Fact]
    public void LogFactorial_Grid_MatchesOracle()
    {
        for (int n = 0; n < 3_000_000; n = (n * 5 / 4) + 1)
        {
            Near(SpecialFunctions.FactorialLn(n), GammaFunction.LogFactorial(n), 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public void ChiSquareCdf_Grid_MatchesOracle(double degrees)
    {
        ChiSquared oracle = new(degrees);
        for (double x = 0.01; x < 400; x *= 1.3)
        {
            Near(oracle.CumulativeDistribution(x), ChiSquare.Cdf(x, degrees), 1e-11);
            Near(SpecialFunctions.GammaUpperRegularized(degrees / 2, x / 2), ChiSquare.UpperTail(x, degrees), 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Degrees))]
    public void ChiSquareUpperQuantile_Grid_InvertsTheTail(double degrees)
    {
        foreach (double tail in new[] { 0.999, 0.9, 0.5, 0.1, 0.05, 0.01, 1e-3, 1e-6, 1e-9 })
        {
            double x = ChiSquare.UpperQuantile(tail, degrees);
            Near(tail, ChiSquare.UpperTail(x, degrees), 1e-10);
            if (tail > 1e-4)
            {
                Near(new ChiSquared(degrees).InverseCumulativeDistribution(1 - tail), x, 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 10)]
    [InlineData(4, 60)]
    [InlineData(9, 400)]
    public void NoncentralCdf_Grid_MatchesPlainPoissonMixture(double degrees, double lambda)
    {
        for (double x = 0.1; x < 900; x *= 1.5)
        {
            double oracle = Enumerable.Range(0, 700).Sum(j =>
                new Poisson(lambda / 2).Probability(j) * new ChiSquared(degrees + (2 * j)).CumulativeDistribution(x));
            Assert.Equal(oracle, ChiSquare.NoncentralCdf(x, degrees, lambda), 1e-9);
        }
    }

    [Fact]
    public void NoncentralCdf_OneDegree_IsTwoNormalTails()
    {
        // The square of a normal variable of mean m is noncentral chi-square with one degree and noncentrality m^2.
        for (double mean = 0; mean < 40; mean += 1.7)
        {
            for (double x = 0.5; x < 2000; x *= 1.9)
            {
                double root = Math.Sqrt(x);
                double oracle = Normal.CDF(0, 1, root - mean) - Normal.CDF(0, 1, -root - mean);
                Assert.Equal(oracle, ChiSquare.NoncentralCdf(x, 1, mean * mean), 1e-9);
            }
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public void Multinomial_TwoVersions_IsTheBinomialTest(double share)
    {
        const int Total = 40;
        Binomial oracle = new(share, Total);
        for (int count = 0; count <= Total; count++)
        {
            double seen = oracle.Probability(count) * (1 + 1e-7);
            double expected = Enumerable.Range(0, Total + 1).Select(oracle.Probability).Where(p => p <= seen).Sum();
            Near(expected, ExactTests.Multinomial([count, Total - count], [share, 1 - share]), 1e-9);
        }
    }

    [Fact]
    public void Bonferroni_Grid_IsTwiceTheSmallerBinomialTailPerVersion()
    {
        const int Total = 300;
        for (int count = 0; count <= 60; count++)
        {
            double lower = Binomial.CDF(0.05, Total, count);
            double upper = count == 0 ? 1 : 1 - Binomial.CDF(0.05, Total, count - 1);
            double expected = Math.Min(1, 2 * 2 * Math.Min(lower, upper));
            Assert.Equal(expected, ExactTests.Bonferroni([count, Total - count], [0.05, 0.95]), 1e-9);
        }
    }

    private static void Near(double expected, double actual, double relative) =>
        Assert.True(
            Math.Abs(expected - actual) <= relative * Math.Max(Math.Abs(expected), 1e-12) + 1e-14,
            $"expected {expected:R}, got {actual:R}");
}
