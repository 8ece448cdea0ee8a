namespace HybridMesh.Core;

/// <summary>
/// The probability that Pearson's statistic of counts exceeds a value. The chi-square distribution is only its limit:
/// when the smallest versions expect 25 answers it puts a tail of 0.001 a third too low, and one of 0.0001 at half.
/// So the counts of the two versions that expect least are summed over as they are, and the limit stands in for the
/// others only.
/// </summary>
internal static class PearsonTail
{
    /// <summary>From so many answers expected of every version on, the limit is right in two digits.</summary>
    private const double Plenty = 2000;

    // Below this the verdict is beyond doubt, and the sum would be no more than rounding errors.
    private const double BeyondDoubt = 1e-10;

    /// <summary>The probability of a statistic of <paramref name="statistic"/> or more.</summary>
    public static double Upper(double statistic, int total, double[] shares)
    {
        double limit = ChiSquare.UpperTail(statistic, shares.Length - 1);
        if (limit < BeyondDoubt || shares.Min() * total >= Plenty)
        {
            return limit;
        }

        int[] least = [.. Enumerable.Range(0, shares.Length).OrderBy(i => shares[i]).Take(2)];

        // Rounding must not make the very counts observed fall short of themselves.
        double reached = statistic * (1 - 1e-9);
        return CountPairs.Mean(total, shares, least[0], least[1], (x, y, z) =>
            Beyond(reached, total, shares, least[0], least[1], x, y, z));
    }

    /// <summary>The value that is exceeded with probability <paramref name="tail"/>.</summary>
    public static double Critical(double tail, int total, double[] shares)
    {
        double level = tail;
        for (int i = 0; i < 2; i++)
        {
            level *= tail / Upper(ChiSquare.UpperQuantile(level, shares.Length - 1), total, shares);
        }

        return ChiSquare.UpperQuantile(level, shares.Length - 1);
    }

    /// <summary>The probability of a statistic of so much, given two versions' counts.</summary>
    /// <param name="statistic">The value to reach.</param>
    /// <param name="total">The answers.</param>
    /// <param name="shares">The shares expected, which the other versions' are.</param>
    /// <param name="first">One version.</param>
    /// <param name="second">Another.</param>
    /// <param name="x">The first's count.</param>
    /// <param name="y">The second's count.</param>
    /// <param name="z">The others' count.</param>
    public static double Beyond(
        double statistic, int total, double[] shares, int first, int second, int x, int y, int z)
    {
        double left = statistic - Part(x, total * shares[first]) - Part(y, total * shares[second]);
        if (shares.Length == 2)
        {
            return left <= 0 ? 1 : 0;
        }

        // The others' part falls into the deviation of their sum and their deviations among themselves.
        double expected = total * (1 - shares[first] - shares[second]);
        left -= Part(z, expected);
        return left <= 0 ? 1
            : shares.Length == 3 || z == 0 ? 0
            : ChiSquare.UpperTail(left * expected / z, shares.Length - 3);
    }

    private static double Part(int count, double expected) => (count - expected) * (count - expected) / expected;
}
