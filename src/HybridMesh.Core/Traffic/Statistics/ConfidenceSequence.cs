namespace HybridMesh.Core;

/// <summary>
/// Confidence intervals that hold after every answer at once, so that a measurement may stop when it likes: Robbins'
/// beta-binomial mixture, H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of
/// Mathematical Statistics 41 (1970) 1397-1409. It is the two-version case of the sequential test's own evidence.
/// </summary>
internal static class ConfidenceSequence
{
    // A beta prior needs some weight on either side, also for versions of which all or nothing is expected.
    private const double LeastWeight = 0.5;

    /// <summary>The interval of one version's share, as proportions.</summary>
    /// <param name="count">Its answers.</param>
    /// <param name="total">All answers.</param>
    /// <param name="expected">The share expected, around which the interval is narrowest.</param>
    /// <param name="alpha">The probability that the interval ever misses the true share.</param>
    public static (double Low, double High) Interval(int count, int total, double expected, double alpha)
    {
        double mixture = LogMixture(count, total, expected);
        double share = total == 0 ? expected : (double)count / total;
        return (
            count == 0 ? 0 : ShareInterval.Edge(0, share, IsIn),
            count == total ? 1 : ShareInterval.Edge(1, share, IsIn));

        bool IsIn(double truth) => Evidence(mixture, count, total, truth) < -Math.Log(alpha);
    }

    /// <summary>Whether the interval holds a share; what <see cref="Interval"/> finds the ends of.</summary>
    public static bool Holds(int count, int total, double expected, double alpha, double truth) =>
        Evidence(LogMixture(count, total, expected), count, total, truth) < -Math.Log(alpha);

    private static double LogMixture(int count, int total, double expected)
    {
        double a = Math.Max(LeastWeight, SequentialTest.Concentration * expected);
        double b = Math.Max(LeastWeight, SequentialTest.Concentration * (1 - expected));
        return LogBeta(a + count, b + total - count) - LogBeta(a, b);
    }

    private static double Evidence(double mixture, int count, int total, double truth) =>
        mixture - (count == 0 ? 0 : count * Math.Log(truth))
            - (count == total ? 0 : (total - count) * Math.Log(1 - truth));

    private static double LogBeta(double a, double b) =>
        GammaFunction.Log(a) + GammaFunction.Log(b) - GammaFunction.Log(a + b);
}
