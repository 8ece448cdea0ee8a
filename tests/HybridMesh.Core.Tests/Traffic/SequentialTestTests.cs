using HybridMesh.Core;
using MathNet.Numerics;

namespace HybridMesh.Core.Tests;

public sealed class SequentialTestTests
{
    private static readonly double[] ThirtySixtyTen = [0.3, 0.6, 0.1];

    [Fact]
    public void LogEvidence_AfterEveryAnswer_IsTheDirichletMultinomialOverTheMultinomial()
    {
        SequentialTest test = new(Split(ThirtySixtyTen));
        int[] counts = new int[3];
        Random random = new(11);
        for (int i = 0; i < 3000; i++)
        {
            int version = Draws.One(random, [0.5, 0.2, 0.3]);
            counts[version]++;
            test.Add($"v{version + 1}");
            double oracle = SpecialFunctions.GammaLn(SequentialTest.Concentration)
                - SpecialFunctions.GammaLn(SequentialTest.Concentration + i + 1);
            for (int j = 0; j < 3; j++)
            {
                double prior = SequentialTest.Concentration * ThirtySixtyTen[j];
                oracle += SpecialFunctions.GammaLn(prior + counts[j]) - SpecialFunctions.GammaLn(prior)
                    - (counts[j] * Math.Log(ThirtySixtyTen[j]));
            }

            Assert.Equal(oracle, test.LogEvidence, 1e-8);
        }
    }

    [Fact]
    public void PValue_IsTheSmallestSoFarAndNeverRises()
    {
        SequentialTest test = new(Split(ThirtySixtyTen));
        Random random = new(4);
        double smallest = 1;
        for (int i = 0; i < 500; i++)
        {
            test.Add($"v{Draws.One(random, ThirtySixtyTen) + 1}");
            smallest = Math.Min(smallest, Math.Exp(-test.LogEvidence));
            Assert.Equal(smallest, test.PValue, 1e-12);
        }

        Assert.InRange(test.PValue, 1e-9, 1);
    }

    [Fact]
    public void PValue_VersionNobodyExpects_IsZeroForGood()
    {
        SequentialTest test = new(Split([0.5, 0.5]));
        test.Add("v1");
        test.Add("v9");
        test.Add("v2");
        Assert.Equal(0, test.PValue);
    }

    [Fact]
    public void PValue_OneVersionAlone_StaysOneWhileItAnswers()
    {
        SequentialTest test = new(Split([1]));
        for (int i = 0; i < 100; i++)
        {
            test.Add("v1");
        }

        Assert.Equal(1, test.PValue);
    }

    [Theory]
    [InlineData(0.05, new[] { 0.3, 0.6, 0.1 })]
    [InlineData(0.05, new[] { 0.9, 0.05, 0.05 })]
    [InlineData(0.05, new[] { 0.99, 0.01 })]
    [InlineData(0.2, new[] { 0.5, 0.5 })]
    public void PValue_TrueSplitLookedAtAfterEveryAnswer_RaisesNoMoreFalseAlarmsThanAlpha(double alpha, double[] shares)
    {
        const int Runs = 1000;
        Random random = new(2022);
        int alarms = Enumerable.Range(0, Runs).Count(_ => StopsAt(random, shares, shares, alpha, 1000) is not null);

        // Ville's inequality bounds the rate by alpha; three standard deviations are allowed to chance.
        Assert.InRange(alarms, 1, (Runs * alpha) + (3 * Math.Sqrt(Runs * alpha * (1 - alpha))));
    }

    [Theory]
    [InlineData(new[] { 0.3, 0.6, 0.1 }, new[] { 1 / 3.0, 1 / 3.0, 1 / 3.0 }, 99)]
    [InlineData(new[] { 0.9, 0.05, 0.05 }, new[] { 1 / 3.0, 1 / 3.0, 1 / 3.0 }, 40)]
    [InlineData(new[] { 0.3, 0.6, 0.1 }, new[] { 0, 1.0, 0 }, 40)]
    public void PValue_NoRouting_StopsInTensOfRequests(double[] expected, double[] truth, int most)
    {
        Random random = new(3);
        int[] stops =
        [
            .. Enumerable.Range(0, 500)
                .Select(_ => StopsAt(random, expected, truth, 0.001 * SequentialTest.Spent, 5000) ?? int.MaxValue).Order(),
        ];
        Assert.InRange(stops[475], 5, most);
    }

    private static int? StopsAt(Random random, double[] expected, double[] truth, double level, int most)
    {
        SequentialTest test = new(Split(expected));
        for (int i = 1; i <= most; i++)
        {
            test.Add($"v{Draws.One(random, truth) + 1}");
            if (test.PValue <= level)
            {
                return i;
            }
        }

        return null;
    }

    private static SplitExpectation Split(double[] shares) =>
        SplitExpectation.FromWeights(shares.Select((share, i) => KeyValuePair.Create($"v{i + 1}", share)));
}
