namespace HybridMesh.Core;

/// <summary>How a p-value was computed.</summary>
public enum PValueMethod
{
    /// <summary>The exact multinomial test; used while all outcomes can be visited (up to a million).</summary>
    Exact,
    /// <summary>Pearson's chi-square test; used beyond that when every version expects 25 answers or more.</summary>
    ChiSquare,
    /// <summary>Exact binomial tests per version, combined by Bonferroni's inequality; used for the rest.</summary>
    Bonferroni,
    /// <summary>
    /// The sequential test of Lindon and Malek, looked at after every answer; used when it decided early.
    /// </summary>
    Sequential,
}

/// <summary>Tests counts of answers per version against the shares expected of them.</summary>
internal static class SplitTest
{
    /// <summary>Up to so many outcomes are visited: 1,412 answers of three versions, or a million of two.</summary>
    private const double MaxOutcomes = 1e6;

    /// <summary>
    /// The chi-square distribution is trusted from so many expected answers on. The customary five are enough at
    /// alpha 0.05, but not at 0.001: with 50 answers and 10 % the true false alarm rate is three times as high.
    /// </summary>
    private const double MinExpected = 25;

    /// <summary>
    /// The probability of counts at least as odd as these when the shares are right. Counts of versions whose share
    /// is zero must be zero; they play no part.
    /// </summary>
    public static (double PValue, PValueMethod Method) PValue(IReadOnlyList<int> observed, IReadOnlyList<double> shares)
    {
        int[] versions = [.. Enumerable.Range(0, shares.Count).Where(i => shares[i] > 0)];
        int[] counts = [.. versions.Select(i => observed[i])];
        double[] expected = [.. versions.Select(i => shares[i])];
        int total = counts.Sum();
        return versions.Length < 2 || total == 0
            ? (1, PValueMethod.Exact)
            : ExactTests.Outcomes(total, versions.Length) <= MaxOutcomes
            ? (ExactTests.Multinomial(counts, expected), PValueMethod.Exact)
            : expected.Min() * total >= MinExpected
            ? (ChiSquare.UpperTail(Statistic(counts, expected), versions.Length - 1), PValueMethod.ChiSquare)
            : (ExactTests.Bonferroni(counts, expected), PValueMethod.Bonferroni);
    }

    /// <summary>Pearson's statistic: the sum of (observed - expected)^2 / expected.</summary>
    public static double Statistic(IReadOnlyList<int> observed, IReadOnlyList<double> shares)
    {
        int total = observed.Sum();
        return observed.Select((count, i) =>
        {
            double expected = shares[i] * total;
            return (count - expected) * (count - expected) / expected;
        }).Sum();
    }
}
