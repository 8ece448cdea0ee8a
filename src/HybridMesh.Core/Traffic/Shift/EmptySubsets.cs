namespace HybridMesh.Core;

/// <summary>Refuses weights that would send requests where nobody answers.</summary>
internal static class EmptySubsets
{
    /// <summary>
    /// Refuses a destination with a weight above zero whose subset is not defined, or that has no endpoint; the latter
    /// only warns with force.
    /// </summary>
    /// <exception cref="MeshException">ObjectNotFound or SubsetEmpty.</exception>
    public static void Refuse(RouteWeights wanted, MeshSubsets subsets, bool force, Action<string> warning)
    {
        foreach (RouteWeight item in wanted.Destinations.Where(item => item.Weight > 0))
        {
            RouteHost host = new(item.Host);
            MeshSubset? subset = subsets.SubsetsOf(host).FirstOrDefault(one => one.Name == item.Subset);
            if (item.Subset is not null && subset is null)
            {
                throw new MeshException(
                    MeshErrorCode.ObjectNotFound,
                    $"Subset '{item.Subset}' of {item.Host} is not defined, so {wanted.Label} can't send traffic to "
                        + $"it; there are {Names(subsets.SubsetsOf(host))}.",
                    item.Subset);
            }

            if (!subsets.EndpointsOf(host).Any(endpoint => subset?.Selects(endpoint) ?? true))
            {
                string what = subset is null
                    ? $"{item.Host} has no endpoint: no WorkloadEntry or pod stands behind it."
                    : $"Subset '{item.Subset}' of {item.Host} has no endpoint: no WorkloadEntry or pod behind that "
                        + $"host has {string.Join(", ", subset.Labels.Select(pair => $"{pair.Key}={pair.Value}"))} "
                        + "(Set-WorkloadEntryVersion sets the version).";
                if (!force)
                {
                    throw new MeshException(
                        MeshErrorCode.SubsetEmpty, $"{what} Its share of {wanted.Label} would be answered by 503; use "
                            + "-Force to set it all the same.", item.Name);
                }

                warning($"{what} Its share of {wanted.Label} is answered by 503.");
            }
        }
    }

    private static string Names(IEnumerable<MeshSubset> subsets) =>
        string.Join(", ", subsets.Select(subset => subset.Name).DefaultIfEmpty("none"));
}
