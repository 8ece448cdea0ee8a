namespace HybridMesh.Core;

/// <summary>
/// The ways in which the mesh's objects would share requests without the weights that were expected, and how each fits
/// the answers.
/// </summary>
internal static class SplitFits
{
    /// <summary>Fits whose support is within this factor of each other can't be told apart.</summary>
    private const double Alike = 10;

    /// <summary>All that were tried; none when the split was not found wrong, or the mesh is not known.</summary>
    public static IReadOnlyList<SplitFit> Of(SplitEvidence evidence) =>
        evidence is { Verdict: Verdict.Inconsistent, Mesh: { Endpoints.Count: > 0 } mesh }
            ? [.. Routes(evidence, mesh).Concat(Endpoints(evidence, mesh)).OfType<SplitFit>()] : [];

    /// <summary>
    /// The best of those that the test does not reject, by the same test that rejected the weights, and that the
    /// answers speak for; null when there is none.
    /// </summary>
    public static SplitFit? Best(SplitEvidence evidence, IReadOnlyList<SplitFit> fits) =>
        Good(evidence, fits).FirstOrDefault();

    /// <summary>What fits about as well as the best and is something else, in a sentence; none mostly.</summary>
    public static IEnumerable<string> Rivals(SplitEvidence evidence, IReadOnlyList<SplitFit> fits)
    {
        SplitFit[] good = [.. Good(evidence, fits)];
        string[] others =
        [
            .. good.Skip(1).Where(fit => fit.Kind != good[0].Kind && fit.Support * Alike >= good[0].Support)
                .Select(fit => fit.Words),
        ];
        if (others.Length > 0)
        {
            yield return $"These answers can't tell it from {string.Join(" or ", others)}.";
        }
    }

    // Of equal shares the way that needs no fault comes first.
    private static IEnumerable<SplitFit> Good(SplitEvidence evidence, IReadOnlyList<SplitFit> fits) =>
        fits.Where(fit => fit.IsGood(evidence.Alpha)).OrderByDescending(fit => Math.Round(Math.Log(fit.Support), 6))
            .ThenBy(fit => fit.Kind);

    private static IEnumerable<SplitFit?> Routes(SplitEvidence evidence, MeshEvidence mesh)
    {
        if (evidence.Expect.Length > 0 && mesh.Arms.All(arm => arm.Version is not null)
            && mesh.Arms.Any(arm => arm.Destination.Weight > 0))
        {
            yield return SplitFit.Try(
                evidence, FitKind.Route, "the route's own weights",
                mesh.Arms.Select(arm => KeyValuePair.Create(arm.Version!, (double)arm.Destination.Weight)));
        }

        foreach ((string label, SplitExpectation shares) in mesh.OtherRoutes)
        {
            yield return SplitFit.Try(
                evidence, FitKind.OtherRoute, $"the weights of route '{label}'",
                shares.Versions.Select(version => KeyValuePair.Create(version, shares[version])), label);
        }
    }

    private static IEnumerable<SplitFit?> Endpoints(SplitEvidence evidence, MeshEvidence mesh)
    {
        yield return Several(evidence, FitKind.Endpoints, "an equal share per endpoint", Weights(mesh, _ => 1));
        if (mesh.Endpoints.DistinctBy(endpoint => endpoint.Weight).Count() > 1)
        {
            yield return Several(
                evidence, FitKind.EndpointWeights, "the endpoints' own weights (WorkloadEntry weight)",
                Weights(mesh, endpoint => endpoint.Weight));
        }

        SplitArm[] arms = [.. mesh.Arms.Where(arm => arm.Version is not null && arm.Endpoints.Count > 0)];
        if (arms.Length > 1)
        {
            yield return Several(
                evidence, FitKind.Endpoints, "an equal share per destination",
                arms.Select(arm => KeyValuePair.Create(arm.Version!, 1.0)));
        }
    }

    // One version alone fits whatever it is asked.
    private static SplitFit? Several(
        SplitEvidence evidence, FitKind kind, string words, IEnumerable<KeyValuePair<string, double>> weights) =>
        SplitFit.Try(evidence, kind, words, weights) is { Shares.Versions.Count: > 1 } fit ? fit : null;

    private static IEnumerable<KeyValuePair<string, double>> Weights(
        MeshEvidence mesh, Func<MeshEndpoint, double> weight) =>
        mesh.Endpoints.Select(endpoint => KeyValuePair.Create(mesh.VersionOf(endpoint), weight(endpoint)));
}
