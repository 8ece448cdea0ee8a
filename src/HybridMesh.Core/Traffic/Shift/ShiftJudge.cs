using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Whether a step holds.</summary>
/// <param name="Passed">Whether it does.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="P99">
/// The slowest 99th percentile of the versions that gained traffic; null when it is not known.
/// </param>
internal sealed record ShiftJudgement(bool Passed, string Reason, TimeSpan? P99);

/// <summary>Judges the steps of one shift: the split, then the errors, then the latency.</summary>
/// <param name="check">The limits, and whether the user limited the requests.</param>
/// <param name="gaining">The versions that get more traffic than before the shift.</param>
internal sealed class ShiftJudge(ShiftCheck check, IReadOnlySet<string> gaining)
{
    /// <summary>The probability of blaming a version that keeps to the limit of errors.</summary>
    private const double Blame = 0.001;

    // When all traffic has moved, the others answer no more; what they took in the step before still stands.
    private (string Version, TimeSpan P99)? _others;

    /// <summary>Judges a measurement.</summary>
    /// <param name="result">The measurement.</param>
    /// <param name="settled">Whether the step's weights had been seen in force before it.</param>
    public ShiftJudgement Judge(TrafficShiftResult result, bool settled)
    {
        IReadOnlyDictionary<string, TimeSpan> p99 = StepMeasures.P99(result);
        (string Version, TimeSpan P99)? slowest = Slowest(p99, gaining.Contains);
        _others = Slowest(p99, version => !gaining.Contains(version)) ?? _others;
        (string Version, TimeSpan P99)? over = OverLimit(result, p99);
        string? wrong = WrongErrors(result) ?? WrongSplit(result, settled) ?? WrongLatency(over, slowest);
        return new(wrong is null, wrong ?? Sentence(result, slowest), (over ?? slowest)?.P99);
    }

    /// <summary>
    /// Judges the requests a step is not for: the split and the errors. Their latency is what it is without the step;
    /// that of the step's requests is compared with it.
    /// </summary>
    /// <param name="result">The measurement.</param>
    /// <param name="settled">Whether the step's weights had been seen in force before it.</param>
    public ShiftJudgement JudgeOthers(TrafficShiftResult result, bool settled)
    {
        _others = Slowest(StepMeasures.P99(result), version => !gaining.Contains(version)) ?? _others;
        string? wrong = WrongErrors(result) ?? WrongSplit(result, settled);
        return new(wrong is null, wrong ?? result.Summary, P99: null);
    }

    private string? WrongErrors(TrafficShiftResult result)
    {
        double limit = check.Limits.MaxErrorRate;
        double rate = StepMeasures.ErrorRate(result);
        if (rate > limit)
        {
            string kinds = string.Join(
                ", ", result.Errors.Select(pair => string.Create(
                    CultureInfo.InvariantCulture, $"{pair.Value:N0} {pair.Key}")));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Percent(rate)} of {result.Requests:N0} requests failed ({kinds}); at most {Percent(limit)} may.");
        }

        // A version with a small share can fail often and hardly show among all. It gives few answers, though, so that
        // chance must be ruled out before it is blamed.
        TrafficShare? worst = result.Versions.FirstOrDefault(row => row.ErrorRate > limit * 100
            && ExactTests.LowerTail(row.Observed, row.Observed + row.Errors, 1 - limit) < Blame);
        return worst is null ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{worst.Version} failed {worst.Errors:N0} of its {worst.Observed + worst.Errors:N0} requests "
                + $"({Percent(worst.ErrorRate / 100)}); at most {Percent(limit)} may, and chance does not explain it.");
    }

    private string? WrongSplit(TrafficShiftResult result, bool settled)
    {
        string late = settled ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $" The weights were not seen in force within {check.SettleTimeout.TotalSeconds:0.#} s.");
        return result.Verdict switch
        {
            Verdict.Inconsistent => result.Summary + late,

            // The user's own -Count or -Duration may leave it open; then it fits so far. Otherwise failures ate it up.
            Verdict.Undecided when check.Measurement.Count is null && check.Measurement.Duration is null =>
                result.Summary + late,
            _ => null,
        };
    }

    /// <summary>What is slower than the limit, if anything.</summary>
    private (string Version, TimeSpan P99)? OverLimit(
        TrafficShiftResult result, IReadOnlyDictionary<string, TimeSpan> p99)
    {
        (string Version, TimeSpan P99) worst = Slowest(p99, _ => true) ?? ("all versions", result.Latency.P99);
        return worst.P99 > check.Limits.MaxP99 ? worst : null;
    }

    private string? WrongLatency((string Version, TimeSpan P99)? over, (string Version, TimeSpan P99)? slowest)
    {
        if (over is { } it)
        {
            return $"99 % of the answers of {it.Version} took up to {Text(it.P99)}; at most "
                + $"{Text(check.Limits.MaxP99!.Value)} is allowed.";
        }

        return check.Limits.MaxP99Ratio is { } ratio && slowest is { } new99 && _others is { } old99
            && new99.P99 > old99.P99 * ratio
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"99 % of the answers of {new99.Version} took up to {Text(new99.P99)}, {new99.P99 / old99.P99:0.##} "
                    + $"times the {Text(old99.P99)} of {old99.Version}; at most {ratio:0.####} times is allowed.")
            : null;
    }

    private static string Sentence(TrafficShiftResult result, (string Version, TimeSpan P99)? slowest)
    {
        string p99 = slowest is { } it ? $"of {it.Version} {Text(it.P99)}" : Text(result.Latency.P99);
        return $"{result.Summary} {Percent(StepMeasures.ErrorRate(result))} failed; p99 {p99}.";
    }

    private static (string Version, TimeSpan P99)? Slowest(
        IReadOnlyDictionary<string, TimeSpan> p99, Func<string, bool> which)
    {
        KeyValuePair<string, TimeSpan>[] found = [.. p99.Where(pair => which(pair.Key))];
        return found.Length == 0 ? null : found.MaxBy(pair => pair.Value) is var most ? (most.Key, most.Value) : null;
    }

    private static string Percent(double rate) => (rate * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private static string Text(TimeSpan time) =>
        time.TotalMilliseconds.ToString("#,0.###", CultureInfo.InvariantCulture) + " ms";
}
