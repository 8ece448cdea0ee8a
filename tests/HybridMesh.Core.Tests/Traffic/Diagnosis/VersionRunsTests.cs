using static HybridMesh.Core.Tests.MadeUpEvidence;

namespace HybridMesh.Core.Tests;

public sealed class VersionRunsTests
{
    private const double Level = 0.00025;

    private static readonly double[] Shares = [0.3, 0.6, 0.1];

    [Theory]
    [InlineData(1, 2000)]
    [InlineData(8, 48)]
    [InlineData(8, 2000)]
    [InlineData(100, 2000)]
    public void DrawsPerRequest_AreNotBlamed(int connections, int answers) =>
        Assert.Equal(0, Alarms(200, connections, answers, (random, _, _) => Draws.One(random, Shares)));

    // A version that is slow holds its connection up, so that the fast ones' answers come first and more often.
    [Fact]
    public void DrawsPerRequest_OfUnequalLatency_AreNotBlamed()
    {
        Random random = new(11);
        int alarms = 0;
        for (int run = 0; run < 200; run++)
        {
            VersionRuns runs = new(["v1", "v2", "v3"], 8);
            int[] busy = new int[8];
            for (int answers = 0; answers < 1000;)
            {
                for (int connection = 0; connection < 8; connection++)
                {
                    if (busy[connection]-- > 0)
                    {
                        continue;
                    }

                    int version = Draws.One(random, Shares);
                    busy[connection] = version == 2 ? 40 : version;
                    runs.Add(connection + 1, $"v{version + 1}");
                    answers++;
                }
            }

            alarms += runs.PValue < Level ? 1 : 0;
        }

        Assert.Equal(0, alarms);
    }

    // Weights set anew every hundred answers, while eight connections stay.
    [Fact]
    public void SharesThatChangeNowAndThen_AreNotBlamed() => Assert.Equal(0, Alarms(
        200, 8, 2000,
        (random, _, i) => (i / 100 % 2 == 0) == (random.NextDouble() < 0.95) ? 0 : 1));

    // The promise is that of any p-value: below a with probability a at most.
    [Fact]
    public void PValue_HoldsItsPromiseAtEveryLevel()
    {
        Random random = new(5);
        double[] all =
            [.. Enumerable.Range(0, 2000).Select(_ => Run(random, 3, 40, (r, _, _) => Draws.One(r, Shares)).PValue)];
        foreach (double level in new[] { 0.5, 0.1, 0.01 })
        {
            Assert.InRange(all.Count(p => p < level), 0, level * all.Length);
        }
    }

    // Of two thousand runs over twelve pinned connections those are missed that have one version only.
    [Theory]
    [InlineData(12, 600, 0.99)]
    [InlineData(8, 48, 0.90)]
    [InlineData(100, 600, 1.0)]
    public void PinnedConnections_AreFound(int connections, int answers, double part)
    {
        Dictionary<int, int> pinned = [];
        int found = Alarms(500, connections, answers, (random, connection, i) =>
        {
            if (i == 0)
            {
                pinned.Clear();
            }

            return pinned.TryGetValue(connection, out int version) ? version
                : pinned[connection] = Draws.One(random, Shares);
        });
        Assert.InRange(found, part * 500, 500);
    }

    // Shares that are others every three hundred answers, each drawn: only those before tell.
    [Fact]
    public void SharesThatChangeWithTime_AreFoundByRecentAnswers()
    {
        double[][] shares = [[0.2, 0.6, 0.2], [0, 0.9, 0.1], [0.1, 0.9, 0], [0.3, 0.7, 0]];
        Random random = new(6);
        VersionRuns runs = new(["v1", "v2", "v3"], 8, byRecent: true);
        VersionRuns steady = new(["v1", "v2", "v3"], 8, byRecent: true);
        for (int i = 0; i < 1200; i++)
        {
            runs.Add(0, $"v{Draws.One(random, shares[i / 300]) + 1}");
            steady.Add(0, $"v{Draws.One(random, Shares) + 1}");
        }

        Assert.InRange(runs.PValueIfSteady, 0, 1e-9);
        Assert.Equal(1, steady.PValueIfSteady);
    }

    [Fact]
    public void Kept_IsThePartThatKeeps()
    {
        Random random = new(3);
        int[] last = new int[10];
        VersionRuns runs = Run(random, 10, 4000, (r, connection, i) =>
            last[connection] = i >= 10 && r.NextDouble() < 0.5 ? last[connection] : Draws.One(r, Shares));
        Assert.InRange(runs.Kept, 0.4, 0.6);
        Assert.True(runs.PValue < 1e-9);
        Assert.InRange(Run(random, 10, 4000, (r, _, _) => Draws.One(r, Shares)).Kept, 0, 0.1);
    }

    [Fact]
    public void OneVersion_TellsNothing() => Assert.Equal(1, Runs([new('2', 300), new('2', 300)]).PValue);

    private static int Alarms(int runs, int connections, int answers, Func<Random, int, int, int> version)
    {
        Random random = new(7);
        return Enumerable.Range(0, runs).Count(_ => Run(random, connections, answers, version).PValue < Level);
    }

    // Connections in no particular order, as they get ready.
    private static VersionRuns Run(Random random, int connections, int answers, Func<Random, int, int, int> version)
    {
        VersionRuns runs = new(["v1", "v2", "v3"], connections);
        for (int i = 0; i < answers; i++)
        {
            int connection = random.Next(connections);
            runs.Add(connection + 1, $"v{version(random, connection, i) + 1}");
        }

        return runs;
    }
}
