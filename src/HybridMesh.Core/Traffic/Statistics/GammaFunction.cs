namespace HybridMesh.Core;

/// <summary>The gamma function and its incomplete forms, which the chi-square distribution is made of.</summary>
internal static class GammaFunction
{
    private const int MaxIterations = 100_000;
    private const double Precision = 1e-16;
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    // From here on the first term that is left out of Stirling's series, 1/1260 n^5, is below 1e-15.
    private static readonly double[] Factorials = TableOfFactorials(256);

    // Lanczos' approximation with g = 7 and nine terms: relative error below 1e-14 for positive arguments.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln of gamma(x), for positive x.</summary>
    public static double Log(double x)
    {
        double z = x - 1;
        double sum = Lanczos[0];
        for (int i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (z + i);
        }

        double t = z + 7.5;
        return HalfLogTwoPi + ((z + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>
    /// ln of n!, by Stirling's series beyond a table: sums over counts ask for nothing else, millions of times.
    /// </summary>
    public static double LogFactorial(int n)
    {
        if (n < Factorials.Length)
        {
            return Factorials[n];
        }

        double inverse = 1.0 / n;
        return ((n + 0.5) * Math.Log(n)) - n + HalfLogTwoPi + (inverse * ((1.0 / 12) - (inverse * inverse / 360)));
    }

    private static double[] TableOfFactorials(int length)
    {
        double[] table = new double[length];
        for (int i = 2; i < length; i++)
        {
            table[i] = table[i - 1] + Math.Log(i);
        }

        return table;
    }

    /// <summary>The regularised lower incomplete gamma function P(a, x), from 0 to 1.</summary>
    public static double Lower(double a, double x) =>
        x <= 0 ? 0 : x < a + 1 ? LowerBySeries(a, x) : 1 - UpperByFraction(a, x);

    /// <summary>
    /// The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), precise for tiny values.
    /// </summary>
    public static double Upper(double a, double x) =>
        x <= 0 ? 1 : x < a + 1 ? 1 - LowerBySeries(a, x) : UpperByFraction(a, x);

    private static double LowerBySeries(double a, double x)
    {
        double term = 1 / a;
        double sum = term;
        for (int i = 1; i < MaxIterations && term > sum * Precision; i++)
        {
            term *= x / (a + i);
            sum += term;
        }

        return sum * Scale(a, x);
    }

    // The continued fraction, evaluated from the front by Lentz's method.
    private static double UpperByFraction(double a, double x)
    {
        const double Tiny = 1e-300;
        double b = x + 1 - a;
        double c = 1 / Tiny;
        double d = 1 / b;
        double h = d;
        for (int i = 1; i < MaxIterations; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = 1 / NotZero((an * d) + b, Tiny);
            c = NotZero(b + (an / c), Tiny);
            double factor = d * c;
            h *= factor;
            if (Math.Abs(factor - 1) < Precision)
            {
                break;
            }
        }

        return h * Scale(a, x);
    }

    private static double NotZero(double value, double tiny) => Math.Abs(value) < tiny ? tiny : value;

    private static double Scale(double a, double x) => Math.Exp((a * Math.Log(x)) - x - Log(a));
}
