using HybridMesh.Core;
using MathNet.Numerics.Distributions;

namespace HybridMesh.Core.Tests;

public sealed class ShareIntervalTests
{
    [Theory]
    [InlineData(0.05, 40)]
    [InlineData(0.001, 40)]
    [InlineData(0.001, 300)]
    public void ClopperPearson_EveryCount_IsQuantilesOfTheBetaDistribution(double alpha, int total)
    {
        for (int count = 0; count <= total; count++)
        {
            (double low, double high) = ShareInterval.ClopperPearson(count, total, alpha);
            double lowOracle = count == 0 ? 0 : Beta.CDF(count, total - count + 1, low);
            double highOracle = count == total ? 1 : Beta.CDF(count + 1, total - count, high);
            Assert.Equal(count == 0 ? 0 : alpha / 2, lowOracle, 1e-7);
            Assert.Equal(count == total ? 1 : 1 - (alpha / 2), highOracle, 1e-7);
        }
    }

    [Theory]
    [InlineData(0.05, 400, new[] { 0.3, 0.6, 0.1 })]
    [InlineData(0.05, 100, new[] { 0.9, 0.05, 0.05 })]
    [InlineData(0.01, 100, new[] { 0.99, 0.01 })]
    public void ClopperPearson_OfManyRuns_HoldsAllSharesTogetherAsOftenAsPromised(double alpha, int total, double[] shares)
    {
        const int Runs = 2000;
        Random random = new(3);
        (double Low, double High)[] intervals =
        [
            .. Enumerable.Range(0, total + 1)
                .Select(count => ShareInterval.ClopperPearson(count, total, alpha / shares.Length)),
        ];
        int held = Enumerable.Range(0, Runs).Count(_ => Draws.Multinomial(random, total, shares)
            .Select((count, i) => intervals[count].Low <= shares[i] && shares[i] <= intervals[count].High).All(holds => holds));
        Assert.InRange((double)held / Runs, 1 - alpha - Chance(alpha, Runs), 1);
    }

    [Theory]
    [InlineData(0.3, 0.3)]
    [InlineData(0.01, 0.01)]
    [InlineData(0.6, 0.3)]
    [InlineData(1, 0.98)]
    public void ConfidenceSequence_LookedAtAfterEveryAnswer_HoldsAllAlongAsOftenAsPromised(double expected, double truth)
    {
        const double Alpha = 0.05;
        const int Runs = 300;
        Random random = new(20);
        int held = Enumerable.Range(0, Runs).Count(_ =>
        {
            int count = 0;
            for (int total = 1; total <= 300; total++)
            {
                count += random.NextDouble() < truth ? 1 : 0;
                (double low, double high) = ConfidenceSequence.Interval(count, total, expected, Alpha);
                if (truth < low || truth > high)
                {
                    return false;
                }
            }

            return true;
        });
        Assert.InRange((double)held / Runs, 1 - Alpha - Chance(Alpha, Runs), 1);
    }

    [Fact]
    public void ConfidenceSequence_OfTwoVersions_LeavesOutTheExpectedShareJustWhenTheSequentialTestRejects()
    {
        const double Alpha = 0.01;
        SequentialTest test = new(SplitExpectation.FromWeights([KeyValuePair.Create("a", 30.0), KeyValuePair.Create("b", 70.0)]));
        Random random = new(5);
        int count = 0;
        bool left = false;
        for (int total = 1; total <= 400; total++)
        {
            bool a = random.NextDouble() < 0.45;
            test.Add(a ? "a" : "b");
            count += a ? 1 : 0;
            (double low, double high) = ConfidenceSequence.Interval(count, total, 0.3, Alpha);
            bool rejected = test.LogEvidence >= -Math.Log(Alpha);
            left |= rejected;
            Assert.Equal(rejected, 0.3 < low || 0.3 > high);
        }

        Assert.True(left);
    }

    [Fact]
    public void Intervals_HoldTheObservedShare_AndTheOneForAnyTimeIsTheWider()
    {
        for (int count = 0; count <= 200; count += 20)
        {
            (double low, double high) = ShareInterval.ClopperPearson(count, 200, 0.001);
            (double lowest, double highest) = ConfidenceSequence.Interval(count, 200, count / 200.0, 0.001);
            Assert.InRange(count / 200.0, low, high);
            Assert.InRange(count / 200.0, lowest, highest);
            Assert.True(highest - lowest > high - low);
        }
    }

    // Three standard deviations of a rate that is simulated so often.
    private static double Chance(double rate, int runs) => 3 * Math.Sqrt(rate * (1 - rate) / runs);
}
