using HybridMesh.Core;
using HybridMesh.Core.Tests;

namespace HybridMesh.Benchmarks.Statistics;

/// <summary>How often all intervals hold their version's true share.</summary>
internal static class Coverage
{
    public static void OfFixedSize(Bars bars, int runs)
    {
        bars.Title("Intervals at a fixed size (Clopper-Pearson, shared by Bonferroni): all hold with 1 - alpha");
        Random random = new(6);
        foreach (double[] shares in Splits.Usual)
        {
            foreach (int total in new[] { 100, 1000 })
            {
                int[][] draws = [.. Enumerable.Range(0, runs).Select(_ => Draws.Multinomial(random, total, shares))];
                foreach (double alpha in new[] { 0.05, 0.01, 0.001 })
                {
                    (double Low, double High)?[] known = new (double, double)?[total + 1];
                    double held = (double)draws.Count(counts => counts.Select((count, i) =>
                    {
                        known[count] ??= ShareInterval.ClopperPearson(count, total, alpha / shares.Length);
                        return known[count]!.Value.Low <= shares[i] && shares[i] <= known[count]!.Value.High;
                    }).All(holds => holds)) / runs;
                    bars.Check(
                        held >= 1 - alpha - Bars.Chance(alpha, runs),
                        $"{Splits.Show(shares),-15} n = {total,4}  alpha {alpha,5}: {held:0.00000}");
                }
            }
        }
    }

    public static void OfAnyTime(Bars bars, int runs)
    {
        bars.Title("Confidence sequences looked at after each of 1,000 answers: all hold all along with 1 - alpha, also when the "
            + "split is another than expected");
        Random random = new(7);
        (double[] Expected, double[] Truth)[] cases =
        [
            ([0.3, 0.6, 0.1], [0.3, 0.6, 0.1]), ([0.3, 0.6, 0.1], [1 / 3.0, 1 / 3.0, 1 / 3.0]), ([0.99, 0.01], [0.99, 0.01]),
            ([0.9, 0.05, 0.05], [0.9, 0.05, 0.05]),
        ];
        foreach ((double[] expected, double[] truth) in cases)
        {
            const double Alpha = 0.05;
            double held = (double)Enumerable.Range(0, runs).Count(_ => Holds(random, expected, truth, Alpha)) / runs;
            bars.Check(
                held >= 1 - Alpha - Bars.Chance(Alpha, runs),
                $"{Splits.Show(expected),-10} is {Splits.Show(truth),-20} alpha {Alpha}: {held:0.0000}");
        }
    }

    private static bool Holds(Random random, double[] expected, double[] truth, double alpha)
    {
        int[] counts = new int[expected.Length];
        for (int total = 1; total <= 1000; total++)
        {
            counts[Draws.One(random, truth)]++;
            for (int i = 0; i < counts.Length; i++)
            {
                if (!ConfidenceSequence.Holds(counts[i], total, expected[i], alpha / counts.Length, truth[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
