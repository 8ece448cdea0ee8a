namespace HybridMesh.Core;

/// <summary>
/// What answers tell besides their version: over which connection they came, and from where. The tally that feeds it
/// holds a lock meanwhile.
/// </summary>
/// <param name="origins">Reads where answers come from; null without a mesh that would know.</param>
internal sealed class AnswerEvidence(OriginReader? origins)
{
    private readonly Dictionary<AnswerOrigin, Dictionary<string, int>> _counts =
        new(ReferenceEqualityComparer.Instance);

    /// <summary>The answers' connections.</summary>
    public ConnectionRuns Runs { get; } = new();

    /// <summary>How often which version was told of answers from where; an empty version for none.</summary>
    public IReadOnlyList<OriginCount> Origins =>
    [
        .. _counts.SelectMany(
            item => item.Value,
            (item, pair) => new OriginCount(item.Key, pair.Key.Length == 0 ? null : pair.Key, pair.Value)),
    ];

    /// <summary>Where an answer comes from; called without the lock.</summary>
    public AnswerOrigin? OriginOf(in LoadAnswer answer) => origins?.Read(answer);

    /// <summary>Takes a successful answer.</summary>
    public void Add(long connection, string? version, AnswerOrigin? origin)
    {
        if (connection > 0 && version is not null)
        {
            Runs.Add(connection, version);
        }

        if (origin is null)
        {
            return;
        }

        if (!_counts.TryGetValue(origin, out Dictionary<string, int>? versions))
        {
            _counts[origin] = versions = new(StringComparer.Ordinal);
        }

        versions[version ?? ""] = versions.GetValueOrDefault(version ?? "") + 1;
    }
}

/// <summary>How many answers came from one place and were told to be of one version.</summary>
/// <param name="Origin">The place.</param>
/// <param name="Version">The version; null when none could be told.</param>
/// <param name="Answers">The answers.</param>
internal sealed record OriginCount(AnswerOrigin Origin, string? Version, int Answers);
