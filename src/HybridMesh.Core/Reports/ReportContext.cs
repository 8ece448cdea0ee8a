namespace HybridMesh.Core;

/// <summary>How good a part of a report is.</summary>
internal enum ReportState
{
    /// <summary>It only lists what is there.</summary>
    Plain,
    /// <summary>It is as intended.</summary>
    Good,
    /// <summary>It can't be told yet, or needs attention.</summary>
    Open,
    /// <summary>It is not as intended.</summary>
    Bad,
}

/// <summary>One sentence of the verdict.</summary>
/// <param name="State">How good it is.</param>
/// <param name="Text">The sentence, without its full stop.</param>
internal sealed record ReportFact(ReportState State, string Text);

/// <summary>What all parts of one report share.</summary>
/// <param name="now">When the report is made.</param>
/// <param name="versions">Every version of the report; each has one colour in all pictures.</param>
internal sealed class ReportContext(DateTimeOffset now, IEnumerable<string> versions)
{
    /// <summary>How many routes are drawn; of more, the worst are, and the others are listed.</summary>
    public const int MostRoutes = 25;

    private const int Colors = 12;
    private readonly string[] _versions = [.. versions.Distinct().OrderBy(ReportText.Order, StringComparer.Ordinal)];
    private int _pictures;

    /// <summary>When the report is made.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The number of the next picture, for its title's id.</summary>
    public int NextPicture() => ++_pictures;

    /// <summary>The class of a version's colour.</summary>
    public string Color(string version) => $"v{Place(version)}";

    /// <summary>The class of a text on a version's colour.</summary>
    public string OnColor(string version) => $"on on{Place(version)}";

    /// <summary>The sign of a state, so that nobody depends on its colour.</summary>
    public static string Sign(ReportState state) => state switch
    {
        ReportState.Good => "✓",
        ReportState.Bad => "✕",
        ReportState.Open => "?",
        _ => "–",
    };

    /// <summary>The class of a state.</summary>
    public static string Style(ReportState state) => state.ToString().ToLowerInvariant();

    /// <summary>What a verdict means for the headline.</summary>
    public static ReportState StateOf(Verdict verdict) => verdict switch
    {
        Verdict.Consistent => ReportState.Good,
        Verdict.Inconsistent => ReportState.Bad,
        _ => ReportState.Open,
    };

    /// <summary>The worst of many parts in the order in which they came, and the others.</summary>
    public static (T[] Drawn, T[] Others) Worst<T>(T[] parts, Func<T, ReportState> state)
    {
        int[] worst = [.. Enumerable.Range(0, parts.Length).OrderByDescending(i => state(parts[i])).Take(MostRoutes)
            .Order()];
        HashSet<int> drawn = [.. worst];
        return ([.. worst.Select(i => parts[i])], [.. parts.Where((_, i) => !drawn.Contains(i))]);
    }

    private string Place(string version)
    {
        int place = Array.IndexOf(_versions, version);
        return place < 0 ? "n" : Html.Number(place % Colors);
    }
}
