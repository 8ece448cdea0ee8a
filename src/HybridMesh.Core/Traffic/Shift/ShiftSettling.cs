namespace HybridMesh.Core;

/// <summary>
/// Waits until new weights are in force: small measurements, each on its own, until one is far likelier under the new
/// weights than under the old. The measurement that judges the step comes after that and is made once, because a test
/// that is repeated until it passes passes in the end.
/// </summary>
internal sealed class ShiftSettling(TrafficMeasurement measurement, TimeProvider clock)
{
    private const int Least = 20;
    private const int Most = 2000;

    /// <summary>
    /// The logarithm of how much likelier the answers must be under the new weights: a hundred times.
    /// </summary>
    private static readonly double Sure = Math.Log(100);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether the new weights were seen in force in time.</summary>
    /// <param name="session">The mesh.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="old">The shares before, per version.</param>
    /// <param name="check">How to measure; its measurement expects the new shares.</param>
    /// <param name="verbose">Takes what is seen.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public async Task<bool> WaitAsync(
        MeshSession session, string ns, SplitExpectation old, ShiftCheck check, Action<string> verbose,
        CancellationToken cancellationToken)
    {
        SplitExpectation now = SplitExpectation.FromWeights(check.Measurement.Expect!);
        double perAnswer = Divergence(now, old);
        if (perAnswer < 1e-9)
        {
            return true;
        }

        int count = (int)Math.Clamp(Math.Ceiling(2 * Sure / perAnswer), Least, Most);
        double enough = Math.Min(Sure, count * perAnswer / 2);
        long start = clock.GetTimestamp();
        for (TimeSpan left = check.SettleTimeout; left > TimeSpan.Zero;
            left = check.SettleTimeout - clock.GetElapsedTime(start))
        {
            TrafficShiftRequest request =
                check.Measurement with { Count = count, Duration = left, UntilDecided = false };
            TrafficShiftResult result;
            try
            {
                result = await measurement.RunAsync(
                    session, ns, request, new MeasurementEvents(_ => { }, _ => { }, (_, _) => { }), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (MeshException e) when (e.Code == MeshErrorCode.MeasurementFailed)
            {
                // Nothing answers: waiting tells no more, the step's own measurement says why.
                return true;
            }

            double evidence = Evidence(result, now, old);
            string answers = string.Join(", ", result.Versions.Where(row => row.Observed > 0));
            verbose($"{result.Attributed} answers: {answers}; "
                + $"the new weights {now} "
                + (evidence >= enough ? "are in force." : $"are not in force yet, where they were {old}."));
            if (evidence >= enough || StepMeasures.ErrorRate(result) > check.Limits.MaxErrorRate)
            {
                return true;
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    // How much an answer tells on average, were the new weights in force (Kullback and Leibler's divergence).
    private static double Divergence(SplitExpectation now, SplitExpectation old) => now.Versions
        .Where(version => now[version] > 0).Sum(version => now[version] * Log(now[version], old[version]));

    private static double Evidence(TrafficShiftResult result, SplitExpectation now, SplitExpectation old) =>
        result.Versions.Where(row => row.Observed > 0)
            .Sum(row => row.Observed * Log(now[row.Version], old[row.Version]));

    // A version that is expected of one side only decides by itself; one of neither says nothing.
    private static double Log(double now, double old) => (now, old) switch
    {
        (0, 0) => 0,
        (0, _) => -1e6,
        (_, 0) => 1e3,
        _ => Math.Log(now / old),
    };
}
