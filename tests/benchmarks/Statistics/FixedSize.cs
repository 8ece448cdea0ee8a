using HybridMesh.Core;
using HybridMesh.Core.Tests;

namespace HybridMesh.Benchmarks.Statistics;

/// <summary>The test at a number of answers fixed beforehand.</summary>
internal static class FixedSize
{
    public static void FalseAlarms(Bars bars, int runs)
    {
        bars.Title("False alarms of the fixed-size test: rate <= alpha, plus four standard deviations of the simulation");
        Random random = new(1);
        foreach (double[] shares in Splits.Usual)
        {
            foreach (int total in new[] { 100, 500, 2000 })
            {
                int[][] draws = [.. Enumerable.Range(0, runs).Select(_ => Draws.Multinomial(random, total, shares))];
                foreach (double alpha in new[] { 0.05, 0.01, 0.001 })
                {
                    RejectionRegion region = new(total, shares, alpha);
                    double rate = (double)draws.Count(counts => region.Rejects(counts)) / runs;
                    bars.Check(
                        rate <= alpha + Bars.Chance(alpha, runs),
                        $"{Splits.Show(shares),-15} n = {total,5}  {region.Method,-10} alpha {alpha,5}: {rate:0.00000}");
                }
            }
        }
    }

    public static void Power(Bars bars, int runs)
    {
        bars.Title("Power at RequestsNeeded, alpha 0.001, the least over all pairs: simulated within half a point of what Power "
            + "says, plus chance; at least .88, and above 3,000 within 2 points of .9");
        Random random = new(2);
        foreach (double[] shares in Splits.Usual)
        {
            foreach (double shift in new[] { 0.1, 0.05, 0.02 })
            {
                int needed = SampleSize.Needed(shares, 0.001, shift);
                RejectionRegion region = new(needed, shares, 0.001);
                (double said, double found) = Splits.Shifts(shares, shift)
                    .DistinctBy(pair => (shares[pair.Gains], shares[pair.Loses]))
                    .Select(pair => (SplitPower.Of(region, shares, pair.Gains, pair.Loses, shift), pair.Truth)).OrderBy(row => row.Item1)
                    .Take(1)
                    .Select(row => (row.Item1, (double)Enumerable.Range(0, runs).Count(_ =>
                        region.Rejects(Draws.Multinomial(random, needed, row.Truth))) / runs)).Single();
                bool near = Math.Abs(said - found) <= 0.005 + Bars.Chance(said, runs);
                bars.Check(
                    near && found >= 0.88 - Bars.Chance(0.88, runs)
                        && (needed <= 3000 || Math.Abs(found - 0.9) <= 0.02 + Bars.Chance(0.9, runs)),
                    $"{Splits.Show(shares),-15} tolerance {shift * 100,2}: n = {needed,6}  {region.Method,-10} Power {said:0.0000}, simulated {found:0.0000}");
            }
        }
    }
}
