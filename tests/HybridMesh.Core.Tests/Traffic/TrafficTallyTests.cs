using System.Text;

namespace HybridMesh.Core.Tests;

public sealed class TrafficTallyTests
{
    [Fact]
    public void Failure_AmongTheLast_IsMadeUpFor()
    {
        TrafficTally tally = Tally(100);
        long[] tickets = [.. Enumerable.Range(0, 100).Select(_ => Begin(tally))];
        Assert.False(tally.WantsMore);
        Assert.False(tally.TryBegin(out _));
        Array.ForEach(tickets[1..], ticket => Answer(tally, ticket, "v1"));
        Assert.False(tally.WantsMore);
        Fail(tally, tickets[0]);
        Assert.True(tally.WantsMore);
        Answer(tally, Begin(tally), "v1");
        Assert.Equal((101, 100, StopReason.Count), (tally.Requests, tally.Attributed, tally.StoppedBy));
    }

    [Fact]
    public void Failures_AreMadeUpForByFivePercentOnly()
    {
        TrafficTally tally = Tally(100);
        int sent = 0;
        while (tally.TryBegin(out long ticket))
        {
            if (sent++ % 10 == 0)
            {
                Fail(tally, ticket);
            }
            else
            {
                Answer(tally, ticket, "v1");
            }
        }

        Assert.Equal((105, 94, StopReason.Failures), (tally.Requests, tally.Attributed, tally.StoppedBy));
        Assert.Equal((11, "503 no healthy upstream"), tally.Errors[LoadError.Http5xx]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FirstFifty_WithoutAVersion_EndIt(bool failing)
    {
        TrafficTally tally = Tally(null);
        while (tally.TryBegin(out long ticket))
        {
            if (failing)
            {
                Fail(tally, ticket);
            }
            else
            {
                Answer(tally, ticket, "v9");
            }
        }

        Assert.Equal((50, 0, false), (tally.Requests, tally.Attributed, tally.WantsMore));
    }

    [Fact]
    public void OneAnswerUnderWay_AfterFiftyWithoutAVersion_GivesNewHope()
    {
        TrafficTally tally = Tally(null);
        long slow = Begin(tally);
        for (int i = 0; i < 50; i++)
        {
            Fail(tally, Begin(tally));
        }

        Assert.False(tally.WantsMore);
        Answer(tally, slow, "v1");
        Assert.True(tally.WantsMore);
    }

    [Fact]
    public void Decided_WantsNoMore()
    {
        SplitExpectation even = SplitExpectation.FromWeights(
            [KeyValuePair.Create("v1", 50.0), KeyValuePair.Create("v2", 50.0)]);
        EarlyDecision early = new(even, 0.001);
        TrafficTally tally = new(Patterns(), 5000, early);
        while (tally.TryBegin(out long ticket))
        {
            Answer(tally, ticket, "v1");
        }

        Assert.Equal((early.DecidedAt, StopReason.Decided), (tally.Attributed, tally.StoppedBy));
        Assert.InRange(tally.Attributed, 10, 40);
    }

    [Fact]
    public void AnswersThatSeveralVersionsClaim_AreNobodys()
    {
        TrafficTally tally = Tally(10);
        Answer(tally, Begin(tally), "v1 v2");
        Answer(tally, Begin(tally), "v2");
        Assert.Equal((1, 1, "v1 v2"), (tally.Attributed, tally.Unattributed, tally.UnattributedSample));
    }

    [Fact]
    public void PatternThatTakesTooLong_IsNamed()
    {
        PatternAttribution patterns = new([KeyValuePair.Create("v1", "v1"), KeyValuePair.Create("slow", "^(a|a?)+$")]);
        Assert.DoesNotContain("'slow'", patterns.Remedy, StringComparison.Ordinal);
        byte[] answer = Encoding.UTF8.GetBytes(new string('a', 60) + "!");
        Assert.Null(patterns.VersionOf(new LoadAnswer { Ticket = 0, StatusCode = 200, Body = answer }));
        Assert.Contains("'slow' takes more than", patterns.Remedy, StringComparison.Ordinal);
    }

    private static TrafficTally Tally(int? wanted) => new(Patterns(), wanted);

    private static PatternAttribution Patterns() =>
        new([KeyValuePair.Create("v1", "v1"), KeyValuePair.Create("v2", "v2")]);

    private static long Begin(TrafficTally tally)
    {
        Assert.True(tally.TryBegin(out long ticket));
        return ticket;
    }

    private static void Answer(TrafficTally tally, long ticket, string body) =>
        tally.Complete(new LoadAnswer { Ticket = ticket, StatusCode = 200, Body = Encoding.UTF8.GetBytes(body) });

    private static void Fail(TrafficTally tally, long ticket) => tally.Complete(new LoadAnswer
    {
        Ticket = ticket,
        StatusCode = 503,
        Error = LoadError.Http5xx,
        Body = "no healthy upstream"u8,
    });
}
