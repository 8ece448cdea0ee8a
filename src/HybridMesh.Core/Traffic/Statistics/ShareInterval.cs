namespace HybridMesh.Core;

/// <summary>How versions' intervals were computed. All of a result's intervals hold together.</summary>
public enum IntervalMethod
{
    /// <summary>
    /// Exact intervals by Clopper and Pearson, their confidence shared among the versions by Bonferroni's inequality;
    /// for a number of answers fixed beforehand.
    /// </summary>
    ClopperPearson,
    /// <summary>Intervals that hold however long the measurement goes on; used with -UntilDecided.</summary>
    ConfidenceSequence,
}

/// <summary>
/// Exact confidence intervals: C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits illustrated
/// in the case of the binomial, Biometrika 26 (1934) 404-413. An interval leaves out the shares at which so few, or so
/// many, answers would be less probable than half of what is allowed, so it never misses more often than promised.
/// </summary>
internal static class ShareInterval
{
    private const double Precision = 1e-10;

    /// <summary>The interval of one version's share, as proportions.</summary>
    /// <param name="count">Its answers.</param>
    /// <param name="total">All answers.</param>
    /// <param name="alpha">The probability that the interval misses the true share, at most.</param>
    public static (double Low, double High) ClopperPearson(int count, int total, double alpha)
    {
        double share = total == 0 ? 0 : (double)count / total;
        return (
            count == 0 ? 0 : Edge(0, share, low => ExactTests.LowerTail(total - count, total, 1 - low) >= alpha / 2),
            count == total ? 1 : Edge(1, share, high => ExactTests.LowerTail(count, total, high) >= alpha / 2));
    }

    /// <summary>The last share that is in, between one that is and the end of the scale, which is not.</summary>
    public static double Edge(double outside, double inside, Func<double, bool> isIn)
    {
        while (Math.Abs(outside - inside) > Precision)
        {
            double middle = (outside + inside) / 2;
            (outside, inside) = isIn(middle) ? (outside, middle) : (middle, inside);
        }

        return inside;
    }
}
