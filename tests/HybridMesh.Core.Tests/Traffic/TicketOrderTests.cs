namespace HybridMesh.Core.Tests;

public sealed class TicketOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(1000)]
    public void Add_AnyOrder_GivesEachInItsTurn(int underWay)
    {
        // As with so many requests under way, any of which may be answered next.
        Random random = new(5);
        TicketOrder<string> order = new();
        List<int> open = [.. Enumerable.Range(0, underWay)];
        List<string> given = [];
        for (int begun = underWay; open.Count > 0; begun++)
        {
            int place = random.Next(open.Count);
            order.Add(open[place], $"{open[place]}");
            open.RemoveAt(place);
            if (begun < 5000)
            {
                open.Add(begun);
            }

            while (order.TryNext(out string? next))
            {
                given.Add(next);
            }
        }

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"{i}"), given);
        Assert.False(order.TryNext(out _));
    }

    [Fact]
    public void Evidence_OfAMillionAnswersWhileOneRequestHangs_TakesLittleMemory()
    {
        AnswerEvidence evidence = new(null, ["v1", "v2"], 16);
        TrafficTally tally = new(new HeaderAttribution("x-version"), null, early: null, evidence);
        Assert.True(tally.TryBegin(out long hanging));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000_000; i++)
        {
            Assert.True(tally.TryBegin(out long ticket));
            Answer(tally, i % 16, ticket);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024 * 1024);
        Answer(tally, 16, hanging);
        Assert.InRange(evidence.Connections.Answers, 60_000, 100_000);
    }

    private static void Answer(TrafficTally tally, long connection, long ticket) => tally.Complete(new LoadAnswer
    {
        Ticket = ticket,
        Connection = connection + 1,
        StatusCode = 200,
        Header = connection % 2 == 0 ? "v1" : "v2",
        Body = "hello"u8,
    });
}
