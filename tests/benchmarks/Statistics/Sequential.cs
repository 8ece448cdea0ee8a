using HybridMesh.Core;
using HybridMesh.Core.Tests;

namespace HybridMesh.Benchmarks.Statistics;

/// <summary>The test that is looked at after every answer.</summary>
internal static class Sequential
{
    private const int Endless = 20_000;

    public static void FalseAlarms(Bars bars, int runs)
    {
        bars.Title("False alarms of the sequential test, looked at after each of 2,000 answers: rate <= its level");
        Random random = new(3);
        foreach (double[] shares in Splits.Usual)
        {
            double[] smallest = [.. Enumerable.Range(0, runs).Select(_ => Run(random, shares, shares, 2000, 0).PValue)];
            foreach (double level in new[] { 0.05, 0.01, 0.001 })
            {
                double rate = (double)smallest.Count(p => p <= level) / runs;
                bars.Check(
                    rate <= level + Bars.Chance(level, runs),
                    $"{Splits.Show(shares),-15} level {level,5}: {rate:0.00000}");
            }
        }
    }

    public static void WholeProcedure(Bars bars, int runs)
    {
        bars.Title("-UntilDecided as a whole (a fifth of alpha early, four fifths at the end, -Count = RequestsNeeded): false "
            + "alarms <= alpha, and the shift of 5 points that is hardest to notice found with .88 at least");
        Random random = new(4);
        foreach (double[] shares in new[] { Splits.Usual[0], Splits.Usual[2], Splits.Usual[3] })
        {
            foreach (double alpha in new[] { 0.05, 0.01, 0.001 })
            {
                int needed = SplitJudgement.Needed(Splits.Expectation(shares), alpha, 5, untilDecided: true);
                double early = alpha * SequentialTest.Spent;
                RejectionRegion end = new(needed, shares, alpha - early);
                double alarms = Rate(shares);
                double[] hardest = Splits.Shifts(shares, 0.05)
                    .OrderBy(pair => SplitPower.Of(end, shares, pair.Gains, pair.Loses, 0.05)).First().Truth;
                double found = Rate(hardest);
                bars.Check(
                    alarms <= alpha + Bars.Chance(alpha, runs) && found >= 0.88 - Bars.Chance(0.88, runs),
                    $"{Splits.Show(shares),-10} alpha {alpha,5}: n = {needed,5}  false alarms {alarms:0.00000}, found {found:0.0000}");

                double Rate(double[] truth) => Enumerable.Range(0, runs).Average(run =>
                {
                    (int[] counts, int? at, _) = Run(random, shares, truth, needed, early);
                    return at is not null || end.Rejects(counts) ? 1.0 : 0;
                });
            }
        }
    }

    public static void StoppingTimes(Bars bars, int runs)
    {
        bars.Title("Answers until the sequential test decides at alpha 0.001 (its fifth of it): median and 90 % quantile, by the "
            + "prior's concentration");
        (string Name, double[] Expected, double[] Truth, int Median)[] cases =
        [
            ("30:60:10, a third each", [0.3, 0.6, 0.1], [1 / 3.0, 1 / 3.0, 1 / 3.0], 60),
            ("30:60:10, all to v1", [0.3, 0.6, 0.1], [1, 0, 0], 30),
            ("30:60:10, all to v2", [0.3, 0.6, 0.1], [0, 1, 0], 40),
            ("30:60:10, v3 gets nothing", [0.3, 0.6, 0.1], [1 / 3.0, 2 / 3.0, 0], 200),
            ("90:5:5, a third each", [0.9, 0.05, 0.05], [1 / 3.0, 1 / 3.0, 1 / 3.0], 30),
            ("99:1, half each", [0.99, 0.01], [0.5, 0.5], 20),
            ("30:60:10 is 40:50:10", [0.3, 0.6, 0.1], [0.4, 0.5, 0.1], 1000),
            ("30:60:10 is 35:55:10", [0.3, 0.6, 0.1], [0.35, 0.55, 0.1], 5000),
        ];
        foreach ((string name, double[] expected, double[] truth, int bar) in cases)
        {
            Random random = new(5);
            string line = "";
            int median = 0;
            foreach (double concentration in new[] { 3, SequentialTest.Concentration, 30, 100 })
            {
                int few = Math.Max(1, concentration == SequentialTest.Concentration ? runs : runs / 10);
                int[] stops =
                [
                    .. Enumerable.Range(0, few).Select(_ => Run(
                        random, expected, truth, Endless, 0.001 * SequentialTest.Spent, concentration).At ?? Endless).Order(),
                ];
                median = concentration == SequentialTest.Concentration ? stops[few / 2] : median;
                line += $"  {concentration,3}: {stops[few / 2],4} {stops[few * 9 / 10],4}";
            }

            bars.Check(median <= bar, $"{name,-26}{line}");
        }
    }

    private static (int[] Counts, int? At, double PValue) Run(
        Random random, double[] expected, double[] truth, int most, double level,
        double concentration = SequentialTest.Concentration)
    {
        SequentialTest test = new(Splits.Expectation(expected), concentration);
        int[] counts = new int[expected.Length];
        for (int i = 1; i <= most; i++)
        {
            int version = Draws.One(random, truth);
            counts[version]++;
            test.Add(Splits.Name(version));
            if (test.PValue < level)
            {
                return (counts, i, test.PValue);
            }
        }

        return (counts, null, test.PValue);
    }
}
