using static HybridMesh.Core.Tests.MadeUpEvidence;

namespace HybridMesh.Core.Tests;

public sealed class StickyCauseTests
{
    [Fact]
    public void EachConnectionOfOneVersion_IsSticky()
    {
        TrafficDiagnosis found = Named(Pinned("1", "2", "1", "3", "3", "2"));
        Assert.StartsWith("Each of 6 connections was always answered by the same version", found.Message, StringComparison.Ordinal);
        Assert.EndsWith("-NewConnection", found.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void RunsOnAConnection_AreSticky() =>
        Named(Counted(Enumerable.Range(0, 4).Select(i => Turned("111112222211111333332222222222", i * 7))));

    [Fact]
    public void DrawsPerRequest_AreNot()
    {
        Random random = new(7);
        int alarms = Enumerable.Range(0, 300).Count(_ =>
        {
            SplitEvidence evidence = Counted(Enumerable.Range(0, 8).Select(_ => string.Concat(
                Enumerable.Range(0, 60).Select(_ => random.NextDouble() switch { < 0.3 => '1', < 0.9 => '2', _ => '3' }))));
            return StickyCause.Find(evidence) is not null;
        });
        Assert.Equal(0, alarms);
    }

    [Fact]
    public void AMeshThatChangesMeanwhile_IsNot() => Assert.Null(StickyCause.Find(
        Counted(Enumerable.Range(0, 4).Select(_ => new string('1', 50) + new string('2', 50)))));

    [Fact]
    public void ConnectionPerRequest_IsNot() => Assert.Null(StickyCause.Find(
        Pinned("1", "2", "3", "3") with { NewConnection = true, Origins = [From(1, "v1", 40, behind: false)] }));

    [Fact]
    public void FewAnswers_AreNot() => Assert.Null(StickyCause.Find(Counted(["11", "22", "33"])));

    [Fact]
    public void AllOfOneVersionBehindAnApp_IsProbablySticky() =>
        Assert.Contains("probably keeps one connection", Named(Of(0, 500, 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Command_RepeatsTheSharesToExpect() => Assert.EndsWith(
        "hello2-vs -Expect @{ 'v1' = 1 } -NewConnection",
        Named(Pinned("1", "2", "1", "3") with { Expect = " -Expect @{ 'v1' = 1 }" }).Command, StringComparison.Ordinal);

    [Fact]
    public void AllOfOneVersion_FromTheHostItselfOverManyConnections_IsNot() => Assert.Null(StickyCause.Find(
        Pinned("2", "2", "2") with { Origins = [From(2, "v2", 120, behind: false)] }));

    [Fact]
    public void StickyAnswers_AreNotCalledSharesOfEndpoints() =>
        Assert.DoesNotContain(
            SplitDiagnosis.Of(Pinned("1", "2", "3", "1", "2", "3")), item => item.Cause == TrafficCause.WeightsNotInForce);

    [Fact]
    public void PortWithoutHttp_ComesBeforeItsStickyConnections()
    {
        SplitEvidence evidence = Pinned("1", "1", "3", "3", "1") with { Mesh = Mesh([30, 60, 10], 1, 1, 1).WithPort("TCP", "tcp") };
        Assert.Equal([TrafficCause.PortProtocol, TrafficCause.StickyConnection], SplitDiagnosis.Of(evidence).Select(item => item.Cause));
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
        return Of([.. "123".Select(version => answers.Count(c => c == version))]).OnConnections(all);
    }

    private static string Turned(string text, int by) => text[by..] + text[..by];
}
