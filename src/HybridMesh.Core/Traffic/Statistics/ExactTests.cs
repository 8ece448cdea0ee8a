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
        double[] logFactorials = LogFactorials(total);
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

    /// <summary>The log-likelihood up to which <see cref="Multinomial"/> is below alpha.</summary>
    public static double LogLikelihoodCutoff(int total, IReadOnlyList<double> shares, double alpha)
    {
        List<double> logs = new((int)Outcomes(total, shares.Count) + 1);
        double[] logFactorials = LogFactorials(total);
        double[] logShares = [.. shares.Select(share => Math.Log(share))];
        Collect(0, total, logFactorials[total]);
        logs.Sort();
        double sum = 0;
        int counted = 0;
        for (int i = 0; i < logs.Count; i++)
        {
            while (counted < logs.Count && logs[counted] <= logs[i] + SameLikelihood)
            {
                sum += Math.Exp(logs[counted++]);
            }

            if (sum >= alpha)
            {
                // Halfway to the outcome before: far from either, so that rounding can't matter.
                return i == 0 ? double.NegativeInfinity : (logs[i - 1] + logs[i]) / 2;
            }
        }

        return double.PositiveInfinity;

        void Collect(int version, int left, double log)
        {
            if (version == logShares.Length - 1)
            {
                logs.Add(log + (left * logShares[version]) - logFactorials[left]);
                return;
            }

            for (int count = 0; count <= left; count++)
            {
                Collect(version + 1, left - count, log + (count * logShares[version]) - logFactorials[count]);
            }
        }
    }

    /// <summary>The least and the greatest count per version that <see cref="Bonferroni"/> does not reject.</summary>
    public static (int[] Low, int[] High) BonferroniLimits(int total, double[] shares, double alpha)
    {
        double level = alpha / shares.Length;
        int[] low = [.. shares.Select(share => First(0, (int)(total * share), count => Kept(count, share)))];
        int[] high =
        [
            .. shares.Select(share =>
                First((int)Math.Ceiling(total * share), total + 1, count => !Kept(count, share)) - 1),
        ];
        return (low, high);

        bool Kept(int count, double share) => count <= total && Binomial(count, total, share) >= level;
    }

    // The first number from low on that fits, when all above it do; high when none below it does.
    private static int First(int low, int high, Func<int, bool> fits)
    {
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = fits(middle) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static double[] LogFactorials(int total)
    {
        double[] logs = new double[total + 1];
        for (int i = 2; i <= total; i++)
        {
            logs[i] = logs[i - 1] + Math.Log(i);
        }

        return logs;
    }

    private static double Binomial(int count, int total, double share)
    {
        double lower = LowerTail(count, total, share);
        double upper = LowerTail(total - count, total, 1 - share);
        return Math.Min(1, 2 * Math.Min(lower, upper));
    }

    /// <summary>
    /// The probability of up to so many answers; 1 for the mean and more, where nobody asks for it. It is summed
    /// downwards from the count: on the small side of the mean the terms only fall.
    /// </summary>
    public static double LowerTail(int count, int total, double share)
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
