using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Verdicts in words.</summary>
internal static class VerdictSentence
{
    /// <summary>The verdict as a sentence with the figures it rests on.</summary>
    public static string Of(
        Verdict verdict, SplitExpectation expected, IReadOnlyDictionary<string, int> observed, double p, int needed,
        double power, double alpha, double tolerance, int? decidedAt)
    {
        string split = expected.Shares.Count == 1 ? $"'{expected.Versions[0]}' alone" : expected.ToString();
        int total = observed.Values.Sum();
        string[] strangers =
        [
            .. observed.Where(row => row.Value > 0 && expected[row.Key] <= 0).Select(row => row.Key)
                .Order(StringComparer.Ordinal),
        ];
        return verdict switch
        {
            Verdict.Undecided => string.Create(
                CultureInfo.InvariantCulture,
                $"Undecided: {total:N0} answers fit {split}, but telling a shift of {tolerance:0.##} points between "
                + $"two versions takes {needed:N0}."),
            Verdict.Consistent => string.Create(
                CultureInfo.InvariantCulture,
                $"Consistent: {total:N0} answers fit {split} (p = {p:0.###}); a shift of {tolerance:0.##} points would "
                + $"have shown with probability {Math.Min(power, 0.99):0.##}."),
            _ when strangers.Length > 0 =>
                $"Inconsistent: {string.Join(", ", strangers)} answered, of which {split} expects nothing.",
            _ when decidedAt is { } answers => string.Create(
                CultureInfo.InvariantCulture,
                $"Inconsistent, as {answers:N0} answers proved: they do not fit {split}; looked at after every answer, "
                + $"chance alone would ever do this with probability {p:0.##E+0}, below alpha {alpha}."),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"Inconsistent: {total:N0} answers do not fit {split}; chance alone would do this with probability "
                + $"{p:0.##E+0}, below alpha {alpha}."),
        };
    }
}
