namespace HybridMesh.Core;

/// <summary>How a p-value was computed.</summary>
public enum PValueMethod
{
    /// <summary>The exact multinomial test; used while all outcomes can be visited (up to a million).</summary>
    Exact,
    /// <summary>
    /// Pearson's chi-square test, corrected for the two versions that expect least; used beyond that when these expect
    /// 25 answers or more and all others 100.
    /// </summary>
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
    /// The two versions that expect least must expect so many answers for Pearson's test. The customary five are
    /// enough at alpha 0.05, but not at 0.001.
    /// </summary>
    private const double MinExpected = 25;

    /// <summary>
    /// The others must expect so many, because only two are corrected for; see <see cref="PearsonTail"/>.
    /// </summary>
    private const double MinExpectedOfOthers = 100;

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
        if (versions.Length < 2 || total == 0)
        {
            return (1, PValueMethod.Exact);
        }

        PValueMethod method = Method(total, expected);
        return (method switch
        {
            PValueMethod.Exact => ExactTests.Multinomial(counts, expected),
            PValueMethod.ChiSquare => PearsonTail.Upper(Statistic(counts, expected), total, expected),
            _ => ExactTests.Bonferroni(counts, expected),
        }, method);
    }

    /// <summary>The test for so many answers; it depends on nothing that is observed.</summary>
    /// <param name="total">The answers.</param>
    /// <param name="shares">The shares expected, all above 0.</param>
    public static PValueMethod Method(int total, IReadOnlyList<double> shares) =>
        ExactTests.Outcomes(total, shares.Count) <= MaxOutcomes ? PValueMethod.Exact
        : shares.Order().Where((share, i) => share * total < (i < 2 ? MinExpected : MinExpectedOfOthers)).Any()
        ? PValueMethod.Bonferroni
        : PValueMethod.ChiSquare;

    /// <summary>Pearson's statistic: the sum of (observed - expected)^2 / expected.</summary>
    public static double Statistic(ReadOnlySpan<int> observed, ReadOnlySpan<double> shares)
    {
        int total = 0;
        foreach (int count in observed)
        {
            total += count;
        }

        double sum = 0;
        for (int i = 0; i < observed.Length; i++)
        {
            double expected = shares[i] * total;
            sum += (observed[i] - expected) * (observed[i] - expected) / expected;
        }

        return sum;
    }
}
