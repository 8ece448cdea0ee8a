namespace HybridMesh.Core;

/// <summary>Moves weights off destinations that are about to lose their last endpoint.</summary>
internal static class WeightDrain
{
    /// <summary>
    /// The weights when some destinations get none: the others keep their proportions, and the sum stays. Null when no
    /// other destination has a weight to grow.
    /// </summary>
    public static RouteWeights? Move(RouteWeights route, Func<RouteWeight, bool> leaves)
    {
        RouteWeight[] stay = [.. route.Destinations.Where(item => !leaves(item))];
        long total = route.Total;
        long rest = stay.Sum(item => (long)item.Weight);
        if (rest == 0)
        {
            return null;
        }

        // The largest remainders get what rounding down leaves over.
        long[] shares = [.. stay.Select(item => item.Weight * total / rest)];
        long missing = total - shares.Sum();
        foreach (int i in Enumerable.Range(0, stay.Length)
            .OrderByDescending(i => stay[i].Weight * total % rest).Take((int)missing))
        {
            shares[i]++;
        }

        return route.With(item => Array.FindIndex(stay, item.IsSame) is int i and >= 0 ? (int)shares[i] : 0);
    }
}
