using HybridMesh.Core;
using HybridMesh.Core.Tests;

namespace HybridMesh.Benchmarks.Statistics;

/// <summary>The diagnosis of sticky connections: how seldom it is wrong, and how often it finds them.</summary>
internal static class Sticky
{
    // Four tests share an alpha of 0.001.
    private const double Level = 0.00025;

    public static void FalseBlame(Bars bars, int runs)
    {
        bars.Title("Sticky connections: a mesh that draws each request, 600 answers, is blamed with level at most");
        Random random = new(8);
        foreach (double[] shares in Splits.Usual)
        {
            foreach (int connections in new[] { 1, 8, 100 })
            {
                VersionRuns[] all =
                [
                    .. Enumerable.Range(0, runs).Select(_ =>
                        Run(random, shares, connections, 600, (_, _) => Draws.One(random, shares))),
                ];
                foreach (double level in new[] { 0.05, Level })
                {
                    double moving = (double)all.Count(item => item.PValue <= level) / runs;
                    double steady = (double)all.Count(item => item.PValueIfSteady <= level) / runs;
                    string mesh = $"{Splits.Show(shares),-15} {connections,3} connections";
                    bars.Check(
                        Math.Max(moving, steady) <= level + Bars.Chance(level, runs),
                        $"{mesh}, level {level,7}: {moving:0.00000}, {steady:0.00000} if steady");
                }
            }
        }
    }

    public static void Power(Bars bars, int runs)
    {
        bars.Title("Connections that each keep one version of 30:60:10: found, unless one version is all there is");
        Random random = new(9);
        double[] shares = Splits.Usual[0];
        foreach ((int connections, int answers, double least) in new[]
        {
            (2, 30, 0.50), (4, 48, 0.82), (8, 48, 0.90), (8, 200, 0.975), (12, 600, 0.995), (24, 600, 0.999),
            (100, 600, 0.999),
        })
        {
            double found = (double)Enumerable.Range(0, runs).Count(_ =>
            {
                int[] pinned = [.. Enumerable.Range(0, connections).Select(_ => Draws.One(random, shares))];
                return Run(random, shares, connections, answers, (connection, _) => pinned[connection]).PValue < Level;
            }) / runs;
            double alone = shares.Sum(share => Math.Pow(share, connections));
            bars.Check(
                found >= least - Bars.Chance(least, runs),
                $"{connections,3} connections, {answers,3} answers: {found:0.000}; one version alone {alone:0.000}");
        }
    }

    private static VersionRuns Run(
        Random random, double[] shares, int connections, int answers, Func<int, int, int> version)
    {
        // All answers as one are looked at by the recent ones too.
        VersionRuns runs = new([.. shares.Select((_, i) => Splits.Name(i))], connections, byRecent: connections == 1);
        for (int i = 0; i < answers; i++)
        {
            int connection = random.Next(connections);
            runs.Add(connection + 1, Splits.Name(version(connection, i)));
        }

        return runs;
    }
}
