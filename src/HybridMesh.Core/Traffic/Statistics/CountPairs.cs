namespace HybridMesh.Core;

/// <summary>
/// Sums over the counts that two versions can have, all others taken together: what they are short of a full
/// enumeration is the others' split among themselves.
/// </summary>
internal static class CountPairs
{
    // What lies farther from the mean than so many standard deviations has a probability below 1e-13.
    private const double Reach = 8;

    // Millions of counts as improbable as this one together don't reach 1e-12.
    private const double Negligible = 1e-19;

    // Where a standard deviation is wider than so many counts, not every count is visited.
    private const double Steps = 20;

    /// <summary>The mean of a value of (first count, second count, others' count).</summary>
    /// <param name="total">The answers.</param>
    /// <param name="shares">The versions' true shares.</param>
    /// <param name="first">One version.</param>
    /// <param name="second">Another.</param>
    /// <param name="value">From 0 to 1.</param>
    public static double Mean(int total, double[] shares, int first, int second, Func<int, int, int, double> value)
    {
        bool others = shares.Length > 2;
        double logFirst = Math.Log(shares[first]);
        double logSecond = Math.Log(shares[second]);
        double logRest = Math.Log(Math.Max(0, 1 - shares[first] - shares[second]));
        double atAll = GammaFunction.LogFactorial(total);
        double portion = shares[second] / (1 - shares[first]);
        double all = 0;
        double sum = 0;
        (int lowX, int highX, int stepX) = Around(total, shares[first], others ? Steps : 100 * Steps);
        for (int x = lowX; x <= highX; x += stepX)
        {
            double log = atAll + Term(x, logFirst);
            (int lowY, int highY, int stepY) =
                others ? Around(total - x, portion, Steps) : (total - x, total - x, 1);
            for (int y = lowY; y <= highY; y += stepY)
            {
                int z = total - x - y;
                double p = Math.Exp(log + Term(y, logSecond) + (others ? Term(z, logRest) : 0));
                if (p > Negligible)
                {
                    all += p;
                    sum += p * value(x, y, z);
                }
            }
        }

        return sum / all;
    }

    private static double Term(int count, double log) =>
        count == 0 ? 0 : (count * log) - GammaFunction.LogFactorial(count);

    private static (int Low, int High, int Step) Around(int total, double share, double steps)
    {
        double mean = total * share;
        double deviation = Math.Sqrt(mean * Math.Max(0, 1 - share));
        return (
            (int)Math.Max(0, mean - (Reach * deviation) - 10),
            (int)Math.Min(total, mean + (Reach * deviation) + 10),
            Math.Max(1, (int)(deviation / steps)));
    }
}
