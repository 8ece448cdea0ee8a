namespace HybridMesh.Core;

/// <summary>
/// A test that may be looked at after every answer: M. Lindon and A. Malek, Anytime-valid inference for multinomial
/// count data, NeurIPS 2022. The evidence is the Bayes factor of a Dirichlet prior against the split expected. When
/// that split is right the evidence is a martingale that starts at 1, so by Ville's inequality it ever reaches 1/a
/// with probability a at most, however often and whenever one looks.
/// </summary>
/// <param name="expected">The split expected.</param>
/// <param name="concentration">The prior's weight, in answers.</param>
internal sealed class SequentialTest(SplitExpectation expected, double concentration = SequentialTest.Concentration)
{
    /// <summary>
    /// The part of Alpha that deciding early may use up; the rest is left to the test at the end. Together they raise
    /// no more false alarms than Alpha, and the end keeps nearly all of its power.
    /// </summary>
    public const double Spent = 0.2;

    /// <summary>
    /// The prior weighs as much as so many answers that fit. The figures behind the choice are in
    /// about_HybridMesh_Traffic.
    /// </summary>
    public const double Concentration = 10;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private double _logEvidence;
    private double _highest;

    /// <summary>The answers taken.</summary>
    public int Answers { get; private set; }

    /// <summary>
    /// The anytime p-value: the probability that evidence as strong as the strongest so far ever comes up when the
    /// split is as expected.
    /// </summary>
    public double PValue => Math.Exp(-_highest);

    /// <summary>The evidence against the split as it stands: a natural logarithm.</summary>
    public double LogEvidence => _logEvidence;

    /// <summary>Takes one answer. Answers are to come in the order in which their requests were begun.</summary>
    public void Add(string version)
    {
        double share = expected[version];
        int count = _counts.GetValueOrDefault(version);

        // The factor is the version's probability by the prior and the answers so far, over the one expected. A
        // version of share 0 makes it infinite, and infinite it stays.
        double foreseen = ((concentration * share) + count) / (concentration + Answers);
        _logEvidence = share > 0 ? _logEvidence + Math.Log(foreseen / share) : double.PositiveInfinity;
        _highest = Math.Max(_highest, _logEvidence);
        _counts[version] = count + 1;
        Answers++;
    }
}
