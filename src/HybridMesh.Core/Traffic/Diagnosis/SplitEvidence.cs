using System.Globalization;

namespace HybridMesh.Core;

/// <summary>All a diagnosis is made of.</summary>
internal sealed record SplitEvidence
{
    /// <summary>The verdict on the split.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The probability of calling a right split wrong; the diagnosis takes it for its own tests.</summary>
    public double Alpha { get; init; } = 0.001;

    /// <summary>The shares expected.</summary>
    public required SplitExpectation Expected { get; init; }

    /// <summary>The answers per version.</summary>
    public required IReadOnlyDictionary<string, int> Observed { get; init; }

    /// <summary>The requests sent.</summary>
    public required int Requests { get; init; }

    /// <summary>The failures by kind.</summary>
    public IReadOnlyDictionary<LoadError, int> Errors { get; init; } = new Dictionary<LoadError, int>();

    /// <summary>The line that measures the same, but for the shares to expect.</summary>
    public string Measure { get; init; } = "Measure-TrafficShift";

    /// <summary>The shares to expect as that line's last words; empty for the route's own.</summary>
    public string Expect { get; init; } = "";

    /// <summary>The URL.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The Host header sent; null for the URL's.</summary>
    public string? HostHeader { get; init; }

    /// <summary>The namespace; null without a mesh.</summary>
    public string? Namespace { get; init; }

    /// <summary>The VirtualService's name; null without one.</summary>
    public string? VirtualService { get; init; }

    /// <summary>
    /// The failures that tell no version, by kind: what the mesh itself answers is among them, what an app's error
    /// says of itself is not.
    /// </summary>
    public IReadOnlyDictionary<LoadError, int> Unversioned { get; init; } = new Dictionary<LoadError, int>();

    /// <summary>The measured route, by name or place; null without one.</summary>
    public string? Route { get; init; }

    /// <summary>The answers by the client's connection.</summary>
    public VersionRuns Connections { get; init; } = new([]);

    /// <summary>The answers by the app before the measured host.</summary>
    public VersionRuns Hops { get; init; } = new([]);

    /// <summary>All answers as if they had come over one connection.</summary>
    public VersionRuns Whole { get; init; } = new([]);

    /// <summary>Whether each request had a connection of its own.</summary>
    public bool NewConnection { get; init; }

    /// <summary>Where answers came from.</summary>
    public IReadOnlyList<OriginCount> Origins { get; init; } = [];

    /// <summary>Whether the VirtualService was changed meanwhile; null when that was not looked at.</summary>
    public bool? RouteChanged { get; init; }

    /// <summary>What the mesh's objects say; null without a mesh.</summary>
    public MeshEvidence? Mesh { get; init; }

    /// <summary>The answers with a version.</summary>
    public int Answers => Observed.Values.Sum();

    /// <summary>Whether apps lie between the entry and the measured host, so that a sidecar makes the choice.</summary>
    public bool IsBehindApps => Origins.Where(item => item.Origin.Address is not null)
        .GroupBy(item => item.Origin.HopsBefore > 0).MaxBy(group => group.Sum(item => item.Answers))?.Key ?? false;

    /// <summary>The answers from an address.</summary>
    public int AnswersOf(string address) => Origins
        .Where(item => item.Origin.Address == MeshTopology.Canonical(address)).Sum(item => item.Answers);

    /// <summary>The observed shares in percent, such as <c>v1 33.1 %, v2 66.9 %</c>.</summary>
    public string Shares => string.Join(
        ", ", Observed.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key} {Percent(Answers == 0 ? 0 : (double)pair.Value / Answers)}"));

    /// <summary>A part in percent.</summary>
    public static string Percent(double part) =>
        (part * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    /// <summary>A count.</summary>
    public static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A probability.</summary>
    public static string P(double p) =>
        "p = " + p.ToString(p < 0.001 ? "0.#E+0" : "0.###", CultureInfo.InvariantCulture);
}
