namespace HybridMesh.Core;

/// <summary>How many answers it takes to notice that a split is wrong.</summary>
internal static class SampleSize
{
    /// <summary>The probability with which a shift of the tolerance is to be noticed.</summary>
    public const double Power = 0.9;

    /// <summary>
    /// The answers needed to notice, with probability <see cref="Power"/>, that <paramref name="tolerance"/> (a
    /// proportion) has moved from any version to any other.
    /// </summary>
    /// <param name="shares">The shares expected, which sum to 1.</param>
    /// <param name="alpha">The level of the test.</param>
    /// <param name="tolerance">The shift, as a proportion: 0.05 for five points.</param>
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

        // A shift of d between versions i and j adds n d^2 (1/p_i + 1/p_j) to the statistic, the least for the two
        // largest shares: that pair is the hardest to tell.
        double perAnswer = tolerance * tolerance * ((1 / largest[0]) + (1 / largest[1]));
        double lambda = ChiSquare.Noncentrality(largest.Length - 1, alpha, Power);
        int needed = (int)Math.Min(int.MaxValue, Math.Ceiling(lambda / perAnswer));
        return largest.Length < shares.Count ? Math.Max(needed, toAnother) : needed;
    }
}
