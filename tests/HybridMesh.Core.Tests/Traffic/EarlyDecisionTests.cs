using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class EarlyDecisionTests
{
    private static readonly SplitExpectation Even = SplitExpectation.FromWeights(
        [KeyValuePair.Create("fast", 50.0), KeyValuePair.Create("slow", 50.0)]);

    [Fact]
    public void Add_SlowVersionsAnswersLast_DecidesNothingOnTheFastOnes()
    {
        // Forty requests, every other one slow: all fast answers arrive before the first slow one.
        EarlyDecision early = new(Even, 0.001);
        for (int ticket = 0; ticket < 40; ticket += 2)
        {
            early.Add(ticket + 1, "fast");
        }

        for (int ticket = 0; ticket < 40; ticket += 2)
        {
            early.Add(ticket, "slow");
        }

        Assert.Null(early.DecidedAt);
        Assert.Equal(1, early.PValue, 0.2);
    }

    [Fact]
    public void Add_AnyOrder_DecidesAsInOrder()
    {
        EarlyDecision inOrder = new(Even, 0.001);
        EarlyDecision shuffled = new(Even, 0.001);
        int[] tickets = [.. Enumerable.Range(0, 200)];
        Array.ForEach(tickets, ticket => inOrder.Add(ticket, VersionOf(ticket)));
        new Random(1).Shuffle(tickets);
        Array.ForEach(tickets, ticket => shuffled.Add(ticket, VersionOf(ticket)));
        Assert.NotNull(inOrder.DecidedAt);
        Assert.Equal(inOrder.DecidedAt, shuffled.DecidedAt);
        Assert.Equal(inOrder.PValue, shuffled.PValue);
    }

    [Fact]
    public void Add_Failures_CountNeitherWayAndHoldNothingUp()
    {
        EarlyDecision early = new(Even, 0.001);
        for (int ticket = 0; ticket < 60; ticket++)
        {
            early.Add(ticket, ticket % 2 == 0 ? null : "fast");
        }

        Assert.InRange(early.DecidedAt!.Value, 10, 30);
    }

    // Every tenth answer is slow's, and every hundredth request fails.
    private static string? VersionOf(int ticket) => ticket % 100 == 7 ? null : ticket % 10 == 0 ? "slow" : "fast";
}
