namespace HybridMesh.Core;

/// <summary>Tests of counts against shares that need no approximation.</summary>
internal static class ExactTests
{
    // An outcome as likely as the observed one counts as such although rounding makes it a little likelier; R's
    // binom.test allows the same.
    private const double SameLikelihood = 1e-7;

    /// <summary>In how many ways <paramref name="total"/> answers can fall on this many versions.</summary>
    public static double Outcomes(int total, int versions)
    {
        double outcomes = 1;
        for (int i = 1; i < versions; i++)
        {
            outcomes *= (double)(total + i) / i;
        }

        return outcomes;
    }

    /// <summary>
    /// The exact multinomial test: the probability of all outcomes that are at most as likely as the observed one.
    /// Visits every outcome, so ask <see cref="Outcomes"/> first.
    /// </summary>
    public static double Multinomial(IReadOnlyList<int> observed, IReadOnlyList<double> shares)
    {
        int total = observed.Sum();
        double[] logFactorials = new double[total + 1];
        for (int i = 2; i <= total; i++)
        {
            logFactorials[i] = logFactorials[i - 1] + Math.Log(i);
        }

        double[] logShares = [.. shares.Select(share => Math.Log(share))];
        double seen = logFactorials[total];
        for (int i = 0; i < observed.Count; i++)
        {
            seen += (observed[i] * logShares[i]) - logFactorials[observed[i]];
        }

        double limit = seen + SameLikelihood;
        return Math.Min(1, Sum(0, total, logFactorials[total]));

        double Sum(int version, int left, double logLikelihood)
        {
            if (version == logShares.Length - 1)
            {
                double log = logLikelihood + (left * logShares[version]) - logFactorials[left];
                return log <= limit ? Math.Exp(log) : 0;
            }

            double sum = 0;
            for (int count = 0; count <= left; count++)
            {
                double log = logLikelihood + (count * logShares[version]) - logFactorials[count];
                sum += Sum(version + 1, left - count, log);
            }

            return sum;
        }
    }

    /// <summary>
    /// One exact two-sided binomial test per version (twice the smaller tail), the smallest p-value multiplied by
    /// their number (Bonferroni): never more false alarms than promised, whatever the counts.
    /// </summary>
    public static double Bonferroni(IReadOnlyList<int> observed, IReadOnlyList<double> shares)
    {
        int total = observed.Sum();
        double smallest = observed.Select((count, i) => Binomial(count, total, shares[i])).Min();
        return Math.Min(1, smallest * observed.Count);
    }

    private static double Binomial(int count, int total, double share)
    {
        double lower = Tail(count, total, share);
        double upper = Tail(total - count, total, 1 - share);
        return Math.Min(1, 2 * Math.Min(lower, upper));
    }

    // P(X <= count), summed downwards from count: on the small side of the mean the terms only fall.
    private static double Tail(int count, int total, double share)
    {
        if (count >= total * share)
        {
            return 1;
        }

        double term = Math.Exp(
            GammaFunction.Log(total + 1) - GammaFunction.Log(count + 1) - GammaFunction.Log(total - count + 1)
            + (count * Math.Log(share)) + ((total - count) * Math.Log(1 - share)));
        double odds = (1 - share) / share;
        double sum = 0;
        for (int i = count; i >= 0 && term > sum * 1e-17; i--)
        {
            sum += term;
            term *= i * odds / (total - i + 1);
        }

        return sum;
    }
}
