namespace HybridMesh.Core;

/// <summary>How many answers it takes to notice that a split is wrong.</summary>
internal static class SampleSize
{
    /// <summary>The probability with which a shift of the tolerance is to be noticed.</summary>
    public const double Power = 0.9;

    /// <summary>So far the power of the formula's number may stay below <see cref="Power"/>.</summary>
    private const double Allowance = 0.02;

    /// <summary>
    /// The answers needed to notice, with probability <see cref="Power"/>, that <paramref name="tolerance"/> (a
    /// proportion) has moved from any version to any other.
    /// </summary>
    /// <param name="shares">The shares expected, which sum to 1.</param>
    /// <param name="alpha">The level of the test.</param>
    /// <param name="tolerance">
    /// The shift, as a proportion: 0.05 for five points. Where no version has as much, it is the largest one's share.
    /// </param>
    public static int Needed(IReadOnlyList<double> shares, double alpha, double tolerance)
    {
        double[] largest = [.. shares.Where(share => share > 0).OrderDescending()];

        // To a version that is expected never, one answer proves the shift; that there is none among n answers has
        // probability (1 - tolerance)^n. It is all that can go wrong when one version is expected alone.
        int toAnother = (int)Math.Ceiling(Math.Log(1 - Power) / Math.Log(1 - tolerance));
        if (largest.Length < 2)
        {
            return toAnother;
        }

        tolerance = Math.Min(tolerance, largest[0]);

        // A shift of d between versions i and j adds n d^2 (1/p_i + 1/p_j) to the statistic, the least for the two
        // largest shares: that pair is the hardest to tell.
        double perAnswer = tolerance * tolerance * ((1 / largest[0]) + (1 / largest[1]));
        double lambda = ChiSquare.Noncentrality(largest.Length - 1, alpha, Power);
        int formula = (int)Math.Min(int.MaxValue / 4, Math.Ceiling(lambda / perAnswer));
        int needed = Corrected(formula, [.. shares.Where(share => share > 0)], alpha, tolerance);
        return largest.Length < shares.Count ? Math.Max(needed, toAnother) : needed;
    }

    /// <summary>The probability that so many answers show the shift that is hardest to notice.</summary>
    public static double PowerOf(int total, IReadOnlyList<double> shares, double alpha, double tolerance)
    {
        double[] expected = [.. shares.Where(share => share > 0)];
        double toAnother = expected.Length < Math.Max(2, shares.Count) ? 1 - Math.Pow(1 - tolerance, total) : 1;
        return expected.Length < 2 || total == 0
            ? (total == 0 ? 0 : toAnother)
            : Math.Min(toAnother, SplitPower.Least(total, expected, alpha, Math.Min(tolerance, expected.Max())));
    }

    // The formula takes it that the counts' variance is as expected. A version that gains traffic varies more, and
    // for small shares that makes a great difference: 99:1 would pass for decided at a power of 0.38.
    private static int Corrected(int formula, double[] shares, double alpha, double tolerance)
    {
        if (Power(formula) >= SampleSize.Power - Allowance)
        {
            return formula;
        }

        int low = formula;
        int high = Grown(low);
        while (Power(high) < SampleSize.Power)
        {
            (low, high) = (high, Grown(high));
        }

        while (high - low > Math.Max(1, high / 100))
        {
            int middle = low + ((high - low) / 2);
            (low, high) = Power(middle) < SampleSize.Power ? (middle, high) : (low, middle);
        }

        return high;

        double Power(int total) => SplitPower.Least(total, shares, alpha, tolerance);

        int Grown(int total) => total + (total / 4) + 1;
    }
}
