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
        double a = Math.Max(LeastWeight, SequentialTest.Concentration * expected);
        double b = Math.Max(LeastWeight, SequentialTest.Concentration * (1 - expected));
        double mixture = LogBeta(a + count, b + total - count) - LogBeta(a, b);
        double share = total == 0 ? expected : (double)count / total;
        return (count == 0 ? 0 : Edge(0, share), count == total ? 1 : Edge(1, share));

        // Between the observed share, which is always in, and the end of the scale, which is out: bisection.
        double Edge(double outside, double inside)
        {
            while (Math.Abs(outside - inside) > 1e-9)
            {
                double middle = (outside + inside) / 2;
                double likelihood = (count * Math.Log(middle)) + ((total - count) * Math.Log(1 - middle));
                (outside, inside) = mixture - likelihood < -Math.Log(alpha) ? (outside, middle) : (middle, inside);
            }

            return inside;
        }
    }

    private static double LogBeta(double a, double b) =>
        GammaFunction.Log(a) + GammaFunction.Log(b) - GammaFunction.Log(a + b);
}
