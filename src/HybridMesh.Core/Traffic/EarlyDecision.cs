namespace HybridMesh.Core;

/// <summary>
/// Feeds a sequential test while answers come in, in the order in which their requests were begun, and says when it
/// has decided.
/// </summary>
/// <param name="expected">The split expected.</param>
/// <param name="alpha">The probability of calling a right split wrong, of which this test uses its part.</param>
internal sealed class EarlyDecision(SplitExpectation expected, double alpha)
{
    private readonly SequentialTest _test = new(expected);
    private readonly TicketOrder<string?> _order = new();

    /// <summary>How many answers it took to decide that the split is wrong; null while it has not.</summary>
    public int? DecidedAt { get; private set; }

    /// <summary>The anytime p-value.</summary>
    public double PValue => _test.PValue;

    /// <summary>Takes the outcome of the request with this ticket; null for one that told no version.</summary>
    public void Add(long ticket, string? version)
    {
        _order.Add(ticket, version);
        while (_order.TryNext(out string? next))
        {
            Take(next);
        }
    }

    private void Take(string? version)
    {
        if (version is null)
        {
            return;
        }

        _test.Add(version);
        if (DecidedAt is null && _test.PValue < alpha * SequentialTest.Spent)
        {
            DecidedAt = _test.Answers;
        }
    }
}
