using System.Globalization;

namespace HybridMesh.Core;

/// <summary>The shares expected of versions, in their order, as proportions that sum to 1.</summary>
public sealed class SplitExpectation
{
    private readonly Dictionary<string, double> _shares;

    private SplitExpectation(IReadOnlyList<string> versions, Dictionary<string, double> shares)
    {
        Versions = versions;
        _shares = shares;
    }

    /// <summary>The versions, each once.</summary>
    public IReadOnlyList<string> Versions { get; }

    /// <summary>The shares in the order of <see cref="Versions"/>.</summary>
    public IReadOnlyList<double> Shares => [.. Versions.Select(version => _shares[version])];

    /// <summary>The share of a version, 0 when none is expected of it.</summary>
    public double this[string version] => _shares.GetValueOrDefault(version);

    /// <summary>
    /// Makes an expectation of weights, which count as proportions: they need not sum to 100. Weights of a version
    /// named twice are added.
    /// </summary>
    /// <exception cref="MeshException">
    /// ArgumentInvalid, when there is none, one is negative or all are zero.
    /// </exception>
    public static SplitExpectation FromWeights(IEnumerable<KeyValuePair<string, double>> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        List<string> versions = [];
        Dictionary<string, double> sums = new(StringComparer.Ordinal);
        foreach ((string version, double weight) in weights)
        {
            if (weight < 0 || !double.IsFinite(weight))
            {
                throw new MeshException(
                    MeshErrorCode.ArgumentInvalid,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The weight {weight} expected of version '{version}' is no share; give numbers from 0 up."),
                    version);
            }

            if (!sums.TryAdd(version, weight))
            {
                sums[version] += weight;
                continue;
            }

            versions.Add(version);
        }

        double total = sums.Values.Sum();
        if (total <= 0)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                versions.Count == 0
                    ? "No version is expected; name at least one, such as @{ v1 = 30; v2 = 70 }."
                    : $"All weights ({string.Join(", ", versions)}) are zero, so nothing is expected; at least one "
                        + "must be above zero.");
        }

        return new(versions, versions.ToDictionary(version => version, version => sums[version] / total));
    }

    /// <summary>The shares in percent, such as <c>30:60:10</c>.</summary>
    public override string ToString() =>
        string.Join(':', Shares.Select(share => (share * 100).ToString("0.##", CultureInfo.InvariantCulture)));
}
