namespace HybridMesh.Core;

/// <summary>
/// The probability that the split test notices that a part of the traffic goes to another version than it should:
/// the sum of the probabilities of all counts that it rejects.
/// </summary>
internal static class SplitPower
{
    // Many versions make many pairs of nearly the same power.
    private const int Most = 20;

    /// <summary>The power for the shift that is hardest to notice among those that can be.</summary>
    /// <param name="total">The answers.</param>
    /// <param name="shares">The shares expected, all above 0.</param>
    /// <param name="alpha">The level of the test.</param>
    /// <param name="shift">What moves from one version to another, as a proportion.</param>
    public static double Least(int total, double[] shares, double alpha, double shift)
    {
        (int Gains, int Loses)[] hardest = Hardest(shares, shift);
        if (hardest.Length == 0)
        {
            return 1;
        }

        RejectionRegion region = new(total, shares, alpha);
        return hardest.Min(pair => Of(region, shares, pair.Gains, pair.Loses, shift));
    }

    /// <summary>The power for one shift.</summary>
    public static double Of(RejectionRegion region, double[] shares, int gains, int loses, double shift)
    {
        double[] truth = [.. shares];
        truth[gains] += shift;
        truth[loses] = Math.Max(0, truth[loses] - shift);
        return shares.Length > 3 && region.Method == PValueMethod.Exact
            ? ByOutcomes(region, truth)
            : ByPair(region, shares, truth, gains, loses);
    }

    /// <summary>
    /// The shifts whose noncentrality is up to two and a half times the least: others are noticed nearly always. A
    /// version can lose no more than it has.
    /// </summary>
    private static (int Gains, int Loses)[] Hardest(double[] shares, double shift)
    {
        (int Gains, int Loses, double Effect)[] all =
        [
            .. from gains in Enumerable.Range(0, shares.Length)
               from loses in Enumerable.Range(0, shares.Length)
               where gains != loses && shares[loses] >= shift
               select (gains, loses, (1 / shares[gains]) + (1 / shares[loses])),
        ];
        double least = all.Select(pair => pair.Effect).DefaultIfEmpty().Min();
        return
        [
            .. all.Where(pair => pair.Effect <= 2.5 * least)
                .DistinctBy(pair => (shares[pair.Gains], shares[pair.Loses])).OrderBy(pair => pair.Effect).Take(Most)
                .Select(pair => (pair.Gains, pair.Loses)),
        ];
    }

    private static double ByOutcomes(RejectionRegion region, double[] truth)
    {
        double[] logs = [.. truth.Select(share => Math.Log(share))];
        int[] counts = new int[truth.Length];
        return Visit(0, region.Total, GammaFunction.LogFactorial(region.Total));

        double Visit(int version, int left, double log)
        {
            if (version == counts.Length - 1)
            {
                counts[version] = left;
                return region.Rejects(counts) ? Math.Exp(log + Term(version, left)) : 0;
            }

            double sum = 0;
            for (int count = 0; count <= left; count++)
            {
                counts[version] = count;
                sum += Visit(version + 1, left - count, log + Term(version, count));
            }

            return sum;
        }

        double Term(int version, int count) =>
            count == 0 ? 0 : (count * logs[version]) - GammaFunction.LogFactorial(count);
    }

    // Only two versions' shares are wrong, so that the others among themselves are as expected.
    private static double ByPair(RejectionRegion region, double[] shares, double[] truth, int gains, int loses) =>
        CountPairs.Mean(region.Total, truth, gains, loses, (x, y, z) => region.Method switch
        {
            PValueMethod.ChiSquare =>
                PearsonTail.Beyond(region.Critical, region.Total, shares, gains, loses, x, y, z),

            // That one of the others raises an alarm by chance is left out: the power is no less than this.
            PValueMethod.Bonferroni => region.Outside(gains, x) || region.Outside(loses, y) ? 1 : 0,
            _ => Exact(region, gains, loses, x, y, z),
        });

    private static double Exact(RejectionRegion region, int gains, int loses, int x, int y, int z)
    {
        Span<int> counts = stackalloc int[region.Versions];
        counts.Fill(z);
        counts[gains] = x;
        counts[loses] = y;
        return region.Rejects(counts) ? 1 : 0;
    }
}
