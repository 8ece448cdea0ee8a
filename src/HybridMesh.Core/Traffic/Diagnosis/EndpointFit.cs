namespace HybridMesh.Core;

/// <summary>A way in which endpoints would share the requests without the route's weights, and that fits.</summary>
/// <param name="Words">The way, in words.</param>
/// <param name="Shares">The shares it would bring.</param>
/// <param name="PValue">The probability of answers at least as odd as these, were it so.</param>
/// <param name="ByWeight">Whether WorkloadEntries' weights are part of it.</param>
internal sealed record EndpointFit(string Words, SplitExpectation Shares, double PValue, bool ByWeight)
{
    /// <summary>The fit as a sentence of evidence.</summary>
    public string Evidence =>
        $"The answers fit {Shares} of {string.Join(", ", Shares.Versions)}, which is {Words} "
            + $"({SplitEvidence.P(PValue)}).";

    /// <summary>
    /// The best fit of those that the test does not reject, by the same test that rejected the weights; null when there
    /// is none, or the weights were not rejected.
    /// </summary>
    public static EndpointFit? Of(SplitEvidence evidence)
    {
        if (evidence is not { Verdict: Verdict.Inconsistent, Mesh: { Endpoints.Count: > 0 } mesh })
        {
            return null;
        }

        List<EndpointFit?> fits = [Try(evidence, "an equal share per "
            + "endpoint", Weights(mesh, _ => 1), byWeight: false)];
        if (mesh.Endpoints.DistinctBy(endpoint => endpoint.Weight).Count() > 1)
        {
            fits.Add(Try(
                evidence, "the endpoints' own weights (WorkloadEntry "
                    + "weight)", Weights(mesh, endpoint => endpoint.Weight),
                byWeight: true));
        }

        SplitArm[] arms = [.. mesh.Arms.Where(arm => arm.Version is not null && arm.Endpoints.Count > 0)];
        if (arms.Length > 1)
        {
            fits.Add(Try(
                evidence, "an equal share per destination",
                arms.Select(arm => KeyValuePair.Create(arm.Version!, 1.0)), byWeight: false));
        }

        return fits.OfType<EndpointFit>().Where(fit => fit.PValue >= evidence.Alpha).MaxBy(fit => fit.PValue);
    }

    private static IEnumerable<KeyValuePair<string, double>> Weights(
        MeshEvidence mesh, Func<MeshEndpoint, double> weight) =>
        mesh.Endpoints.Select(endpoint => KeyValuePair.Create(mesh.VersionOf(endpoint), weight(endpoint)));

    // One version alone fits whatever it is asked.
    private static EndpointFit? Try(
        SplitEvidence evidence, string words, IEnumerable<KeyValuePair<string, double>> weights, bool byWeight)
    {
        SplitExpectation shares = SplitExpectation.FromWeights(weights);
        return shares.Versions.Count < 2 || evidence.Observed.Any(pair => pair.Value > 0 && shares[pair.Key] <= 0)
            ? null
            : new EndpointFit(
                words, shares,
                SplitTest.PValue(
                    [.. shares.Versions.Select(version => evidence.Observed.GetValueOrDefault(version))], shares.Shares)
                    .PValue,
                byWeight);
    }
}
