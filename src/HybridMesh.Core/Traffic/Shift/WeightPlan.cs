using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Makes the weights of a route of what a user asks for.</summary>
/// <param name="now">The route as it is.</param>
/// <param name="subsets">What stands behind its hosts.</param>
/// <param name="parameter">The parameter that is read, for messages.</param>
internal sealed class WeightPlan(RouteWeights now, MeshSubsets subsets, string parameter)
{
    /// <summary>The largest weight; their sum must fit a proxy's 32 bits.</summary>
    public const int Largest = 1_000_000;

    private static readonly int[] Scales = [1, 10, 100];

    /// <summary>The route with the weights asked for, which are proportions.</summary>
    /// <exception cref="MeshException">
    /// ArgumentInvalid for weights that are none, or that leave open what the other destinations get; ObjectNotFound or
    /// Ambiguous for a version that is no destination and no subset.
    /// </exception>
    public RouteWeights Exact(IReadOnlyList<KeyValuePair<string, double>> asked)
    {
        List<(RouteWeight Item, double Weight)> named = Resolve(asked);
        foreach ((RouteWeight item, double weight) in named.Where(pair => pair.Weight != Math.Floor(pair.Weight)))
        {
            throw Invalid(
                $"-{parameter} of '{item.Name}' is {Text(weight)}; weights are whole numbers. They are proportions, so "
                    + "@{ v1 = 1; v2 = 199 } makes half a percent.",
                weight);
        }

        RouteWeight[] left = [.. now.Destinations.Where(item => !named.Any(pair => pair.Item.IsSame(item)))];
        double sum = named.Sum(pair => pair.Weight);

        // Percentages that make 100 leave nothing to the others. Anything else can be meant in two ways that differ
        // by up to everything: v2 = 5 as five percent, or v2 as the only version.
        if (left.Length > 0 && sum != 100)
        {
            throw Invalid(
                $"-{parameter} does not say what {string.Join(", ", left.Select(item => item.Name))} of {now.Label} "
                    + $"get: name every version (0 for none), or give percentages that make 100 instead of "
                    + $"{Text(sum)}.",
                asked);
        }

        return Checked(named.ConvertAll(pair => (pair.Item, (int)pair.Weight)), asked);
    }

    /// <summary>
    /// The route with shares in percent for the versions named and the rest for the others in their present
    /// proportions. When all are named, the numbers are proportions.
    /// </summary>
    /// <exception cref="MeshException">As <see cref="Exact"/>.</exception>
    public RouteWeights Share(IReadOnlyList<KeyValuePair<string, double>> asked)
    {
        List<(RouteWeight Item, double Weight)> named = Resolve(asked);
        RouteWeight[] left = [.. now.Destinations.Where(item => !named.Any(pair => pair.Item.IsSame(item)))];
        double sum = named.Sum(pair => pair.Weight);
        double present = left.Sum(item => (double)item.Weight);
        if (left.Length > 0 && (sum > 100 || (sum < 100 && present == 0)))
        {
            throw Invalid(
                sum > 100
                    ? $"-{parameter} gives {Text(sum)} %; at most 100 can be given while "
                        + $"{string.Join(", ", left.Select(item => item.Name))} of {now.Label} share the rest."
                    : $"-{parameter} leaves {Text(100 - sum)} % to {string.Join(", ", left.Select(item => item.Name))} "
                        + $"of {now.Label}, all of which have weight 0 now; name them too.",
                asked);
        }

        (RouteWeight Item, double Share)[] all =
        [
            .. named, .. left.Select(item => (item, present == 0 ? 0 : (100 - sum) * item.Weight / present)),
        ];
        return Checked(Round(all), asked);
    }

    /// <summary>
    /// Whole numbers for shares: of 100, or of 1,000 or 10,000 when 100 is too coarse for a share that is not zero.
    /// </summary>
    private static List<(RouteWeight Item, int Weight)> Round((RouteWeight Item, double Share)[] shares)
    {
        foreach (int scale in Scales)
        {
            List<(RouteWeight Item, int Weight)> rounded = LargestRemainder(shares, scale);
            bool fits = rounded.Zip(shares).All(pair => pair.First.Weight > 0 == pair.Second.Share > 0);
            if (scale == 100 || fits)
            {
                return rounded;
            }
        }

        return [];
    }

    private static List<(RouteWeight Item, int Weight)> LargestRemainder(
        (RouteWeight Item, double Share)[] shares, int scale)
    {
        // The sum of proportions need not be 100, and 28.999999 is 29 written by a computer.
        double[] exact = [.. shares.Select(pair => Math.Round(pair.Share * scale, 6))];
        int[] whole = [.. exact.Select(value => (int)Math.Floor(value))];
        int rest = (int)Math.Round(exact.Sum()) - whole.Sum();
        foreach (int i in Enumerable.Range(0, exact.Length).OrderByDescending(i => exact[i] - whole[i]).Take(rest))
        {
            whole[i]++;
        }

        return [.. shares.Select((pair, i) => (pair.Item, whole[i]))];
    }

    private RouteWeights Checked(List<(RouteWeight Item, int Weight)> weights, object asked)
    {
        if (weights.All(pair => pair.Weight == 0))
        {
            throw Invalid(
                $"-{parameter} gives every version of {now.Label} the weight 0; one must be above zero.", asked);
        }

        RouteWeights wanted = now.With(item => weights.Find(pair => pair.Item.IsSame(item)).Weight);
        RouteWeight[] all =
        [
            .. wanted.Destinations,
            .. weights.Where(pair => pair.Weight > 0 && !now.Destinations.Any(pair.Item.IsSame))
                .Select(pair => pair.Item with { Weight = pair.Weight }),
        ];

        // A destination alone takes everything, whatever its weight: it reads as 100.
        return wanted with { Destinations = all.Length == 1 ? [all[0] with { Weight = 100 }] : all };
    }

    private List<(RouteWeight Item, double Weight)> Resolve(IReadOnlyList<KeyValuePair<string, double>> asked)
    {
        if (asked.Count == 0)
        {
            throw Invalid($"-{parameter} names no version; write @{{ v1 = 30; v2 = 70 }}.", asked);
        }

        if (now.Destinations.Count == 0)
        {
            throw Invalid($"{now.Label} sends to no destination (a redirect, direct response or delegate).", now.Route);
        }

        List<(RouteWeight Item, double Weight)> named = [];
        foreach ((string version, double weight) in asked)
        {
            if (!double.IsFinite(weight) || weight < 0 || weight > Largest)
            {
                throw Invalid(
                    $"-{parameter} of '{version}' is {Text(weight)}; weights are numbers from 0 to {Text(Largest)}.",
                    weight);
            }

            RouteWeight item = Find(version);
            if (named.Exists(pair => pair.Item.IsSame(item)))
            {
                throw Invalid($"-{parameter} names {item.Name} of {now.Label} twice, once as '{version}'.", version);
            }

            named.Add((item, weight));
        }

        return named;
    }

    /// <summary>
    /// The destination a user means: by subset, by host, or by the version label of one subset alone.
    /// </summary>
    private RouteWeight Find(string version)
    {
        RouteWeight[] subsetsThere = [.. TrafficShiftReader.Hosts(now).SelectMany(host =>
            subsets.SubsetsOf(host).Select(subset => new RouteWeight(host.FullName, subset.Name, 0)))];
        RouteWeight[] byLabel = [.. TrafficShiftReader.Hosts(now).SelectMany(host => subsets.SubsetsOf(host)
            .Where(subset => subset.Version == version)
            .Select(subset => new RouteWeight(host.FullName, subset.Name, 0)))];
        RouteWeight[][] places =
        [
            [.. now.Destinations.Where(item => item.Name == version || (item.Subset is null && item.Host == version))],
            [.. subsetsThere.Where(item => item.Name == version)],
            [.. byLabel.Where(item => now.Destinations.Any(item.IsSame))],
            byLabel,
        ];
        RouteWeight[] found = [.. places.FirstOrDefault(place => place.Length > 0) ?? []];
        string hosts = string.Join(", ", TrafficShiftReader.Hosts(now).Select(host => host.FullName));
        return found.Length switch
        {
            1 => found[0],
            0 => throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                subsetsThere.Length == 0
                    ? $"-{parameter} names '{version}', but {now.Label} sends to no such host, and no DestinationRule "
                        + $"defines a subset of {hosts}."
                    : $"-{parameter} names '{version}', which is no subset of {hosts}; there are "
                        + $"{string.Join(", ", subsetsThere.Select(item => item.Name).Distinct())}.",
                version),
            _ => throw new MeshException(
                MeshErrorCode.Ambiguous,
                $"-{parameter} names '{version}', which stands for several destinations of {now.Label}: "
                    + $"{string.Join(", ", found.Select(item => $"{item.Name} of {item.Host}"))}. Name one by its "
                    + "subset, which must be unique.",
                version),
        };
    }

    private static MeshException Invalid(string message, object? target) =>
        new(MeshErrorCode.ArgumentInvalid, message, target);

    private static string Text(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);
}
