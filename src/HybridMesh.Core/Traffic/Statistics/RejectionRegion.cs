namespace HybridMesh.Core;

/// <summary>
/// The counts of one total at which the split test rejects. What it holds is found once, so that asking for many
/// counts of the same total is cheap; the answer is that of <see cref="SplitTest.PValue"/>.
/// </summary>
internal sealed class RejectionRegion
{
    private readonly double[] _shares;
    private readonly double[] _logShares;
    private readonly int[] _low;
    private readonly int[] _high;

    /// <param name="total">The answers.</param>
    /// <param name="shares">The shares expected, all above 0.</param>
    /// <param name="alpha">The level.</param>
    public RejectionRegion(int total, double[] shares, double alpha)
    {
        Total = total;
        _shares = shares;
        _logShares = [.. shares.Select(share => Math.Log(share))];
        Method = SplitTest.Method(total, shares);
        (_low, _high) = ([], []);
        switch (Method)
        {
            case PValueMethod.Exact:
                Cutoff = ExactTests.LogLikelihoodCutoff(total, shares, alpha);
                break;
            case PValueMethod.ChiSquare:
                Critical = PearsonTail.Critical(alpha, total, shares);
                break;
            default:
                (_low, _high) = ExactTests.BonferroniLimits(total, shares, alpha);
                break;
        }
    }

    /// <summary>The answers.</summary>
    public int Total { get; }

    /// <summary>How many versions there are.</summary>
    public int Versions => _shares.Length;

    /// <summary>The test.</summary>
    public PValueMethod Method { get; }

    /// <summary>The critical value, when the test is chi-square.</summary>
    public double Critical { get; }

    /// <summary>The log-likelihood up to which the exact test rejects.</summary>
    public double Cutoff { get; }

    /// <summary>Whether counts of these versions, which must be all of them, are rejected.</summary>
    public bool Rejects(ReadOnlySpan<int> counts) => Method switch
    {
        PValueMethod.Exact => LogLikelihood(counts) <= Cutoff,
        PValueMethod.ChiSquare => SplitTest.Statistic(counts, _shares) >= Critical,
        _ => AnyOutside(counts),
    };

    /// <summary>Whether one version's count alone makes the Bonferroni test reject.</summary>
    public bool Outside(int version, int count) => count < _low[version] || count > _high[version];

    private bool AnyOutside(ReadOnlySpan<int> counts)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            if (Outside(i, counts[i]))
            {
                return true;
            }
        }

        return false;
    }

    private double LogLikelihood(ReadOnlySpan<int> counts)
    {
        double log = GammaFunction.LogFactorial(Total);
        for (int i = 0; i < counts.Length; i++)
        {
            log += (counts[i] * _logShares[i]) - GammaFunction.LogFactorial(counts[i]);
        }

        return log;
    }
}
