using HybridMesh.Core;

namespace HybridMesh.Benchmarks.Statistics;

internal static class Splits
{
    public static readonly double[][] Usual =
    [
        [0.3, 0.6, 0.1], [0.5, 0.5], [0.9, 0.05, 0.05], [0.99, 0.01], [0.25, 0.25, 0.25, 0.25], [0.97, 0.01, 0.01, 0.01],
    ];

    public static SplitExpectation Expectation(double[] shares) =>
        SplitExpectation.FromWeights(shares.Select((share, i) => KeyValuePair.Create(Name(i), share)));

    public static string Name(int version) => Names[version];

    public static string Show(double[] shares) => Expectation(shares).ToString();

    /// <summary>The splits that come of a shift between any two versions.</summary>
    public static IEnumerable<(int Gains, int Loses, double[] Truth)> Shifts(double[] shares, double shift) =>
        from gains in Enumerable.Range(0, shares.Length)
        from loses in Enumerable.Range(0, shares.Length)
        where gains != loses && shares[loses] >= shift
        select (gains, loses, shares.Select((share, i) => i == gains ? share + shift : i == loses ? share - shift : share).ToArray());

    private static readonly string[] Names = [.. Enumerable.Range(1, 20).Select(i => $"v{i}")];
}
