using static HybridMesh.Core.Tests.MadeUpEvidence;

namespace HybridMesh.Core.Tests;

public sealed class StickyCauseTests
{
    private static readonly SplitEvidence Inconsistent = Of(500, 250, 250);

    [Fact]
    public void EachConnectionOfOneVersion_IsSticky()
    {
        TrafficDiagnosis found = Named(Pinned("1", "2", "1", "3", "3", "2"));
        Assert.StartsWith(
            "Each of 6 connections was always answered by the same version", found.Message, StringComparison.Ordinal);
        Assert.Contains("-NewConnection makes one per request", found.Message, StringComparison.Ordinal);
        Assert.EndsWith("-NewConnection", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void RunsOnAConnection_AreSticky() => Assert.Contains(
        "mostly stay with one version",
        Named(Counted(Enumerable.Range(0, 4).Select(i => Turned("111112222211111333332222222222", i * 7)))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void FewAnswersThatDiffer_AreStickyStill() => Named(Counted(
        ["1111111111111112111111", "2222222222222222222222", "2222222232222222222222", "3333333333333333333331"]));

    [Fact]
    public void ConnectionsThatBreakAndAreRemade_AreSticky() => Named(Counted(Enumerable.Range(0, 40).Select(
        i => new string("122123222121"[i % 12], 3 + (i % 4)))));

    [Fact]
    public void AsFewAsUntilDecidedLeaves_AreEnough() =>
        Named(Counted(["111111", "222222", "222222", "333333", "222222", "111111", "222222", "222222"]));

    // Seven connections answer all the time; those of two stalled backends now and then, all together.
    [Fact]
    public void VersionsThatAnswerInBunches_AreStickyStill()
    {
        VersionRuns runs = new(["v1", "v2", "v3"], 12);
        for (int stall = 0; stall < 5; stall++)
        {
            Enumerable.Range(0, 200).ToList().ForEach(i => runs.Add(1 + (i % 7), "v2"));
            Enumerable.Range(0, 4).ToList().ForEach(i => runs.Add(8 + i, "v1"));
            runs.Add(12, "v3");
        }

        Named(Direct(Of(20, 1000, 5)) with { Connections = runs });
    }

    [Fact]
    public void AMeshThatChangesMeanwhile_IsNot()
    {
        SplitEvidence evidence = Counted(Enumerable.Range(0, 4).Select(_ => new string('1', 50) + new string('2', 50)));
        Assert.Null(StickyCause.Find(evidence));
        Assert.Contains(
            SplitDiagnosis.Of(evidence).Single(item => item.Cause == TrafficCause.Unknown).Evidence,
            text => text.Contains("the version changed 1 times in 400 answers", StringComparison.Ordinal));
    }

    [Fact]
    public void ConnectionPerRequest_IsNot() => Assert.Null(
        StickyCause.Find(Pinned("1", "2", "3", "3") with { NewConnection = true }));

    [Fact]
    public void FewAnswers_AreNot() => Assert.Null(StickyCause.Find(Counted(["11", "22", "33"])));

    [Fact]
    public void Command_RepeatsTheSharesToExpect() => Assert.EndsWith(
        "hello2-vs -Expect @{ 'v1' = 1 } -NewConnection",
        Named(Pinned("1", "2", "1", "3") with { Expect = " -Expect @{ 'v1' = 1 }" }).Command, StringComparison.Ordinal);

    [Fact]
    public void AppsThatKeepAConnectionEach_AreStickyThoughTheClientsConnectionsAreMixed()
    {
        SplitEvidence evidence = Of(200, 400).OnConnections("122212212122", "221122122212")
            .ByApps(new string('1', 200), new string('2', 200), new string('2', 200));
        TrafficDiagnosis found = Named(evidence with { NewConnection = true });
        Assert.StartsWith(
            "Answers by way of each of 3 apps were always of the same version", found.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "-NewConnection renews the client's connections, not the apps'.", found.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Get-MeshPod -Namespace hello | Where-Object Address -eq", found.Command, StringComparison.Ordinal);
    }

    // Two apps, each stuck with another version: half and half is not what endpoints would share.
    [Fact]
    public void AppsThatKeepAConnectionEach_AreNotCalledSharesOfEndpoints()
    {
        string[] apps = [new('1', 100), new('2', 100), new('3', 100)];
        Assert.Equal(
            [TrafficCause.StickyConnection],
            SplitDiagnosis.Of(Of(100, 100, 100).ByApps(apps)).Select(item => item.Cause));
    }

    // An app with a few connections, each stuck with a version until it is renewed: its answers go by turns.
    [Fact]
    public void AppThatRenewsItsConnections_IsStickyWhenTheRouteStayedAsItWas()
    {
        SplitEvidence evidence = RenewedConnections();
        Assert.True(StickyCause.IsUneven(evidence));
        Assert.Equal(TrafficCause.Unknown, Assert.Single(SplitDiagnosis.Of(evidence)).Cause);
        TrafficDiagnosis found = Named(evidence with { RouteChanged = false });
        Assert.StartsWith(
            "Now one version prevails and now another, though VirtualService hello2-vs stayed as it was", found.Message,
            StringComparison.Ordinal);
        Assert.Contains(found.Evidence, text => text.Contains("out of a cache", StringComparison.Ordinal));
        Assert.Contains(
            Assert.Single(SplitDiagnosis.Of(evidence with { RouteChanged = true })).Evidence,
            text => text == "VirtualService hello2-vs was changed meanwhile. Measure again.");
    }

    [Fact]
    public void DrawsPerRequestBehindAnApp_AreNotUneven()
    {
        Random random = new(4);
        Assert.Equal(0, Enumerable.Range(0, 200).Count(_ => StickyCause.IsUneven(Fetched(
            Enumerable.Range(0, 1000).Select(_ => Draws.One(random, [0.34, 0.33, 0.33]))))));
    }

    [Fact]
    public void AllOfOneVersionBehindAnApp_IsProbablySticky()
    {
        TrafficDiagnosis found = Named(Of(0, 500, 0).ByApps(new string('2', 500)));
        Assert.Contains("probably keeps one connection", found.Message, StringComparison.Ordinal);
        Assert.Contains(found.Evidence, text => text.Contains("with a probability of 60 %", StringComparison.Ordinal));
        Assert.Contains(
            found.Evidence, text => text.Contains("restart the app and measure again", StringComparison.Ordinal));
        Assert.Contains(
            found.Evidence, text => text.Contains("Port 8001 ('http-8001') is HTTP", StringComparison.Ordinal));
    }

    [Fact]
    public void AllOfOneVersion_OtherVirtualService_IsSaid() => Assert.Contains(
        Named(Of(0, 500, 0).ByApps(new string('2', 500)) with
        {
            Mesh = Mesh([30, 60, 10], 1, 1, 1) with { Rivals = ["old-vs"] },
        }).Evidence,
        text => text.StartsWith("VirtualService old-vs is for the same host", StringComparison.Ordinal));

    [Fact]
    public void AllOfOneVersionOverFewConnections_IsProbablySticky() => Assert.Contains(
        "They went over 4 connections", Named(Pinned("2", "2", "2", "2")).Message, StringComparison.Ordinal);

    // Twelve connections would bring that once in 459 times: a mesh that sends everything there is likelier.
    [Fact]
    public void AllOfOneVersionOverManyConnections_IsUnknownAndSaysWhatWouldTell()
    {
        TrafficDiagnosis found = Assert.Single(SplitDiagnosis.Of(Pinned([.. Enumerable.Repeat("2", 12)])));
        Assert.Equal(TrafficCause.Unknown, found.Cause);
        Assert.Contains(
            found.Evidence, text => text.Contains("with a probability of 0.2 % only", StringComparison.Ordinal));
        Assert.EndsWith("-NewConnection", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void AllOfOneVersion_ThatTheRouteDoesNotName_IsNot() =>
        Assert.Null(StickyCause.Find(Of(0, 0, 0, 500).ByApps(new string('4', 500))));

    [Fact]
    public void StickyAnswers_AreNotCalledSharesOfEndpoints()
    {
        TrafficDiagnosis found = Assert.Single(SplitDiagnosis.Of(Pinned("1", "2", "3", "1", "2", "3")));
        Assert.Contains(
            found.Evidence, text => text.Contains("endpoints asked in turn look alike", StringComparison.Ordinal));
    }

    [Fact]
    public void SharesThatFitByChance_AreStickyStill()
    {
        SplitEvidence evidence = Counted("1112222223".Select(version => new string(version, 200)));
        Assert.Equal(Verdict.Consistent, evidence.Verdict);
        Assert.Contains(
            "The shares fit all the same", Assert.Single(SplitDiagnosis.Of(evidence)).Evidence[^1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void PortWithoutHttp_ComesBeforeItsStickyConnections()
    {
        SplitEvidence evidence = Of(80, 0, 120).ByApps(new string('1', 80), new string('3', 120)) with
        {
            Mesh = Mesh([30, 60, 10], 1, 1, 1).WithPort("TCP", "tcp"),
        };
        Assert.Equal(
            [TrafficCause.PortProtocol, TrafficCause.StickyConnection],
            SplitDiagnosis.Of(evidence).Select(item => item.Cause));
    }

    private static SplitEvidence RenewedConnections()
    {
        int[][] pools = [[0, 0, 1, 1], [2, 2, 2, 1], [0, 0, 0, 2], [1, 2, 2, 0], [0, 0, 0, 1]];
        Random random = new(2);
        return Fetched(pools.SelectMany(pool => Enumerable.Range(0, 200).Select(_ => pool[random.Next(4)])));
    }

    // By one app, over connections of the client that play no part.
    private static SplitEvidence Fetched(IEnumerable<int> versions)
    {
        string answers = string.Concat(versions.Select(version => version + 1));
        return Inconsistent with
        {
            Observed = answers.GroupBy(version => version)
                .ToDictionary(group => $"v{group.Key}", group => group.Count()),
            Whole = Runs([answers]),
            Hops = Runs([answers]),
        };
    }

    private static TrafficDiagnosis Named(SplitEvidence evidence)
    {
        TrafficDiagnosis found = Assert.IsType<TrafficDiagnosis>(StickyCause.Find(evidence));
        Assert.Equal(TrafficCause.StickyConnection, found.Cause);
        return found;
    }

    private static SplitEvidence Pinned(params string[] versions) =>
        Counted(versions.Select(version => new string(version[0], 40)));

    private static SplitEvidence Counted(IEnumerable<string> connections)
    {
        string[] all = [.. connections];
        string answers = string.Concat(all);
        return Direct(Of([.. "123".Select(version => answers.Count(c => c == version))])).OnConnections(all);
    }

    // The host answers the client itself.
    private static SplitEvidence Direct(SplitEvidence evidence) => evidence with
    {
        Origins = [.. evidence.Observed.Select(pair => From(pair.Key[1] - '0', pair.Key, pair.Value, behind: false))],
        Mesh = evidence.Mesh! with { Gateways = ["hello-gateway"] },
    };

    private static string Turned(string text, int by) => text[by..] + text[..by];
}
