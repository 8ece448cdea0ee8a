namespace HybridMesh.Core;

/// <summary>The chi-square distribution, central and noncentral.</summary>
internal static class ChiSquare
{
    /// <summary>The probability of a value up to <paramref name="x"/>.</summary>
    public static double Cdf(double x, double degrees) => GammaFunction.Lower(degrees / 2, x / 2);

    /// <summary>The probability of a value above <paramref name="x"/>: a test's p-value.</summary>
    public static double UpperTail(double x, double degrees) => GammaFunction.Upper(degrees / 2, x / 2);

    /// <summary>The value that is exceeded with probability <paramref name="tail"/>: a test's critical value.</summary>
    public static double UpperQuantile(double tail, double degrees) =>
        Root(x => tail - UpperTail(x, degrees), Math.Max(1, degrees));

    /// <summary>
    /// The noncentral distribution: central ones of rising degrees, weighted by a Poisson distribution. The sum starts
    /// at the Poisson's mode and goes both ways, so that large noncentralities do not underflow.
    /// </summary>
    public static double NoncentralCdf(double x, double degrees, double noncentrality)
    {
        double mean = noncentrality / 2;
        if (mean <= 0)
        {
            return Cdf(x, degrees);
        }

        int mode = (int)mean;
        double atMode = Math.Exp((mode * Math.Log(mean)) - mean - GammaFunction.Log(mode + 1));
        double sum = 0;
        double weight = atMode;
        for (int i = mode; i >= 0 && weight > 1e-18; i--)
        {
            sum += weight * Cdf(x, degrees + (2 * i));
            weight *= i / mean;
        }

        weight = atMode * mean / (mode + 1);
        for (int i = mode + 1; weight > 1e-18; i++)
        {
            sum += weight * Cdf(x, degrees + (2 * i));
            weight *= mean / (i + 1);
        }

        return Math.Min(1, sum);
    }

    /// <summary>The noncentrality at which a test of level <paramref name="alpha"/> has the power asked for.</summary>
    public static double Noncentrality(double degrees, double alpha, double power)
    {
        double critical = UpperQuantile(alpha, degrees);
        return Root(lambda => 1 - power - NoncentralCdf(critical, degrees, lambda), critical);
    }

    // Bisection on a function that rises from below zero at 0: slow, but nothing can go wrong with it.
    private static double Root(Func<double, double> rising, double firstGuess)
    {
        double low = 0;
        double high = firstGuess;
        while (rising(high) < 0)
        {
            low = high;
            high *= 2;
        }

        while (high - low > 1e-13 * high)
        {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high)
            {
                break;
            }

            (low, high) = rising(middle) < 0 ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
