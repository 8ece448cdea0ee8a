using System.Globalization;

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

    /// <summary>The answers it takes to notice a shift of the tolerance with probability 0.9.</summary>
    public required int RequestsNeeded { get; init; }

    /// <summary>The verdict as a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>How many answers it takes; see <see cref="SplitJudgement.RequestsNeeded"/>.</summary>
    /// <param name="expected">The split expected.</param>
    /// <param name="alpha">The probability of calling a right split wrong.</param>
    /// <param name="tolerance">The shift to notice, in percentage points.</param>
    public static int Needed(SplitExpectation expected, double alpha, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return SampleSize.Needed(expected.Shares, alpha, tolerance / 100);
    }

    /// <summary>Judges the answers counted per version.</summary>
    /// <param name="expected">The split expected.</param>
    /// <param name="observed">The answers attributed to each version.</param>
    /// <param name="alpha">The probability of calling a right split wrong.</param>
    /// <param name="tolerance">The shift to notice, in percentage points.</param>
    public static SplitJudgement Of(
        SplitExpectation expected, IReadOnlyDictionary<string, int> observed, double alpha, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(observed);
        string[] versions =
        [
            .. expected.Versions,
            .. observed.Keys.Where(version => !expected.Versions.Contains(version)).Order(StringComparer.Ordinal),
        ];
        int[] counts = [.. versions.Select(version => observed.GetValueOrDefault(version))];
        int total = counts.Sum();
        int needed = Needed(expected, alpha, tolerance);
        string[] strangers = [.. versions.Where((version, i) => counts[i] > 0 && expected[version] <= 0)];
        (double p, PValueMethod method) = strangers.Length > 0
            ? (0, PValueMethod.Exact)
            : SplitTest.PValue(counts, [.. versions.Select(version => expected[version])]);
        Verdict verdict = p < alpha ? Verdict.Inconsistent : total >= needed ? Verdict.Consistent : Verdict.Undecided;
        return new()
        {
            Shares = [.. versions.Select((version, i) => Row(version, expected[version], counts[i], total, versions.Length, alpha))],
            PValue = p,
            PValueMethod = method,
            Verdict = verdict,
            RequestsNeeded = needed,
            Summary = Sentence(verdict, expected, total, strangers, p, needed, alpha, tolerance),
        };
    }

    private static TrafficShare Row(string version, double expected, int count, int total, int versions, double alpha)
    {
        (double low, double high) = ShareInterval.Goodman(count, total, versions, alpha);
        return new()
        {
            Version = version,
            Expected = expected * 100,
            Observed = count,
            Share = total == 0 ? 0 : 100.0 * count / total,
            IntervalLow = low * 100,
            IntervalHigh = high * 100,
        };
    }

    private static string Sentence(
        Verdict verdict, SplitExpectation expected, int total, string[] strangers, double p, int needed, double alpha,
        double tolerance)
    {
        string split = expected.Shares.Count == 1 ? $"'{expected.Versions[0]}' alone" : expected.ToString();
        FormattableString text = verdict switch
        {
            Verdict.Undecided =>
                $"Undecided: {total:N0} answers fit {split}, but telling a shift of {tolerance:0.##} points between two versions takes {needed:N0}.",
            Verdict.Consistent =>
                $"Consistent: {total:N0} answers fit {split} (p = {p:0.###}); a shift of {tolerance:0.##} points would have shown with probability {SampleSize.Power}.",
            _ when strangers.Length > 0 =>
                $"Inconsistent: {string.Join(", ", strangers)} answered, of which {split} expects nothing.",
            _ =>
                $"Inconsistent: {total:N0} answers do not fit {split}; chance alone would do this with probability {p:0.##E+0}, below alpha {alpha}.",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
