namespace HybridMesh.Core;

/// <summary>How versions' intervals were computed. All of a result's intervals hold together.</summary>
public enum IntervalMethod
{
    /// <summary>Goodman's intervals for a number of answers fixed beforehand.</summary>
    Goodman,
    /// <summary>Intervals that hold however long the measurement goes on; used with -UntilDecided.</summary>
    ConfidenceSequence,
}

/// <summary>
/// Simultaneous confidence intervals of multinomial shares: Goodman, On simultaneous confidence intervals for
/// multinomial proportions, Technometrics 7 (1965) 247-254. Per version it is Wilson's interval, at a level divided
/// by the number of versions.
/// </summary>
internal static class ShareInterval
{
    /// <summary>The interval of one version's share, as proportions.</summary>
    /// <param name="count">Its answers.</param>
    /// <param name="total">All answers.</param>
    /// <param name="versions">How many versions share the confidence.</param>
    /// <param name="alpha">One minus the confidence that all intervals hold.</param>
    public static (double Low, double High) Goodman(int count, int total, int versions, double alpha)
    {
        if (total == 0)
        {
            return (0, 1);
        }

        double a = ChiSquare.UpperQuantile(alpha / versions, 1);
        double centre = a + (2.0 * count);
        double spread = Math.Sqrt(a * (a + (4.0 * count * (total - count) / total)));
        double width = 2 * (total + a);
        return (Math.Max(0, (centre - spread) / width), Math.Min(1, (centre + spread) / width));
    }
}
