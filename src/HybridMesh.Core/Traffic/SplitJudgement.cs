namespace HybridMesh.Core;

/// <summary>The statistics of one measured split.</summary>
public sealed record SplitJudgement
{
    /// <summary>A row per version: the expected ones in their order, then unexpected ones by name.</summary>
    public required IReadOnlyList<TrafficShare> Shares { get; init; }

    /// <summary>The probability of answers at least as odd as these when the split is as expected.</summary>
    public required double PValue { get; init; }

    /// <summary>How the p-value was computed.</summary>
    public required PValueMethod PValueMethod { get; init; }

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>How the versions' intervals were computed.</summary>
    public required IntervalMethod IntervalMethod { get; init; }

    /// <summary>The answers it takes to notice a shift of the tolerance with probability 0.9.</summary>
    public required int RequestsNeeded { get; init; }

    /// <summary>The probability that these answers would have shown a shift of the tolerance.</summary>
    public required double Power { get; init; }

    /// <summary>The verdict as a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The part of alpha that a sequential test leaves to the test at the end.</summary>
    private const double Left = 1 - SequentialTest.Spent;

    /// <summary>How many answers it takes; see <see cref="SplitJudgement.RequestsNeeded"/>.</summary>
    /// <param name="expected">The split expected.</param>
    /// <param name="alpha">The probability of calling a right split wrong.</param>
    /// <param name="tolerance">The shift to notice, in percentage points.</param>
    /// <param name="untilDecided">
    /// Whether a sequential test looks at every answer, which leaves less of <paramref name="alpha"/> to the end.
    /// </param>
    public static int Needed(SplitExpectation expected, double alpha, double tolerance, bool untilDecided = false)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return SampleSize.Needed(expected.Shares, untilDecided ? alpha * Left : alpha, tolerance / 100);
    }

    /// <summary>Judges the answers counted per version.</summary>
    /// <param name="expected">The split expected.</param>
    /// <param name="observed">The answers attributed to each version.</param>
    /// <param name="alpha">The probability of calling a right split wrong.</param>
    /// <param name="tolerance">The shift to notice, in percentage points.</param>
    public static SplitJudgement Of(
        SplitExpectation expected, IReadOnlyDictionary<string, int> observed, double alpha, double tolerance) =>
        Of(expected, observed, alpha, tolerance, Needed(expected, alpha, tolerance), early: null);

    /// <summary>The same, after a test that looked at every answer; null when none did.</summary>
    internal static SplitJudgement Of(
        SplitExpectation expected, IReadOnlyDictionary<string, int> observed, double alpha, double tolerance,
        int needed, EarlyDecision? early)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(observed);
        string[] versions =
        [
            .. expected.Versions,
            .. observed.Keys.Where(version => !expected.Versions.Contains(version)).Order(StringComparer.Ordinal),
        ];
        int[] counts = [.. versions.Select(version => observed.GetValueOrDefault(version))];
        double[] shares = [.. versions.Select(version => expected[version])];
        int total = counts.Sum();
        (double p, PValueMethod method) = Probability(counts, shares, early);
        Verdict verdict = p < alpha || early?.DecidedAt is not null ? Verdict.Inconsistent
            : total >= needed ? Verdict.Consistent
            : Verdict.Undecided;
        double power =
            SampleSize.PowerOf(total, expected.Shares, early is null ? alpha : alpha * Left, tolerance / 100);
        return new()
        {
            Shares = [.. versions.Select((version, i) => Row(version, shares[i], counts[i], total, Interval(i)))],
            IntervalMethod = early is null ? IntervalMethod.ClopperPearson : IntervalMethod.ConfidenceSequence,
            PValue = p,
            PValueMethod = method,
            Verdict = verdict,
            RequestsNeeded = needed,
            Power = power,
            Summary = VerdictSentence.Of(
                verdict, expected, observed, p, needed, power, alpha, tolerance, early?.DecidedAt),
        };

        (double Low, double High) Interval(int i) => early is null
            ? ShareInterval.ClopperPearson(counts[i], total, alpha / versions.Length)
            : ConfidenceSequence.Interval(counts[i], total, shares[i], alpha / versions.Length);
    }

    private static TrafficShare Row(
        string version, double expected, int count, int total, (double Low, double High) interval) => new()
        {
            Version = version,
            Expected = expected * 100,
            Observed = count,
            Share = total == 0 ? 0 : 100.0 * count / total,
            IntervalLow = interval.Low * 100,
            IntervalHigh = interval.High * 100,
        };

    // With a sequential test, alpha is divided between it and the test at the end; dividing their p-values by their
    // parts and taking the smaller makes one p-value that is compared with alpha as ever. Once it has decided early,
    // the answers no longer are a sample of a size fixed beforehand, so the other test has no say.
    private static (double PValue, PValueMethod Method) Probability(int[] counts, double[] shares, EarlyDecision? early)
    {
        if (counts.Where((count, i) => count > 0 && shares[i] <= 0).Any())
        {
            return (0, PValueMethod.Exact);
        }

        double sequential = early is null ? 1 : Math.Min(1, early.PValue / SequentialTest.Spent);
        if (early?.DecidedAt is not null)
        {
            return (sequential, PValueMethod.Sequential);
        }

        (double atEnd, PValueMethod method) = SplitTest.PValue(counts, shares);
        atEnd = early is null ? atEnd : Math.Min(1, atEnd / Left);
        return sequential < atEnd ? (sequential, PValueMethod.Sequential) : (atEnd, method);
    }
}
