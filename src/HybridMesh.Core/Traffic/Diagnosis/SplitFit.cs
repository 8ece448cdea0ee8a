using System.Globalization;

namespace HybridMesh.Core;

/// <summary>What would share requests in another way than expected.</summary>
internal enum FitKind
{
    /// <summary>The route's own weights, when other shares are expected by <c>-Expect</c>.</summary>
    Route,
    /// <summary>Another route's weights.</summary>
    OtherRoute,
    /// <summary>Endpoints or destinations, each alike.</summary>
    Endpoints,
    /// <summary>Endpoints by their own weights.</summary>
    EndpointWeights,
}

/// <summary>A way in which requests would be shared, compared with the answers.</summary>
/// <param name="Kind">What would share them so.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Shares">The shares it would bring.</param>
internal sealed record SplitFit(FitKind Kind, string Words, SplitExpectation Shares)
{
    /// <summary>Answers that leave a version's share open by more points to either side are called few.</summary>
    private const double FewPoints = 8;

    /// <summary>The route, when it is one's.</summary>
    public string? Route { get; init; }

    /// <summary>The probability of answers at least as odd as these, were it so.</summary>
    public required double PValue { get; init; }

    /// <summary>
    /// How many times more probable it makes the answers than not knowing the shares at all does (every split as likely
    /// as another): a Bayes factor. Not being rejected is no support; few answers reject little.
    /// </summary>
    public required double Support { get; init; }

    /// <summary>By how many points the answers leave the shares open, to either side.</summary>
    public required double Points { get; init; }

    /// <summary>Whether the answers speak for it.</summary>
    public bool IsGood(double alpha) => PValue >= alpha && Support >= 1;

    /// <summary>The fit as a sentence of evidence.</summary>
    public string Evidence =>
        $"The answers fit {Shares} of {string.Join(", ", Shares.Versions)}, which is {Words} "
            + $"({SplitEvidence.P(PValue)})"
            + (Points < FewPoints ? "." : string.Create(
                CultureInfo.InvariantCulture, $"; so few answers tell shares to {Points:0} points only."));

    /// <summary>Compares a way with the answers; null when it says nothing of a version that answered.</summary>
    public static SplitFit? Try(
        SplitEvidence evidence, FitKind kind, string words, IEnumerable<KeyValuePair<string, double>> weights,
        string? route = null)
    {
        SplitExpectation shares = SplitExpectation.FromWeights(weights);
        if (evidence.Observed.Any(pair => pair.Value > 0 && shares[pair.Key] <= 0))
        {
            return null;
        }

        int[] counts = [.. shares.Versions.Select(version => evidence.Observed.GetValueOrDefault(version))];
        int versions = shares.Versions.Concat(evidence.Expected.Versions).Distinct(StringComparer.Ordinal).Count();
        return new SplitFit(kind, words, shares)
        {
            Route = route,
            PValue = SplitTest.PValue(counts, shares.Shares).PValue,
            Support = SupportOf(counts, shares, versions),
            Points = counts.Max(count => HalfInterval(count, evidence.Answers, evidence.Alpha / versions)),
        };
    }

    // When every split is as likely as another, so is every outcome.
    private static double SupportOf(int[] counts, SplitExpectation shares, int versions)
    {
        int total = counts.Sum();
        double log = GammaFunction.LogFactorial(total);
        for (int i = 0; i < counts.Length; i++)
        {
            log += counts[i] == 0 ? 0
                : (counts[i] * Math.Log(shares.Shares[i])) - GammaFunction.LogFactorial(counts[i]);
        }

        return Math.Exp(log) * ExactTests.Outcomes(total, versions);
    }

    private static double HalfInterval(int count, int total, double alpha)
    {
        (double low, double high) = ShareInterval.ClopperPearson(count, total, alpha);
        return (high - low) * 50;
    }
}
