namespace HybridMesh.Core;

/// <summary>
/// What answers tell besides their version: over which connection they came, and from where. The tally that feeds it
/// holds a lock meanwhile.
/// </summary>
/// <param name="origins">Reads where answers come from; null without a mesh that would know.</param>
/// <param name="versions">The versions that may answer.</param>
/// <param name="concurrency">The requests under way at a time.</param>
internal sealed class AnswerEvidence(OriginReader? origins, IReadOnlyList<string> versions, int concurrency)
{
    // Runs take no more answers than half of this; while one request hangs, the others wait for it here.
    private const long MaxFollowed = 1 << 17;

    private readonly TicketOrder<(long Connection, string? Version, string? Hop)> _order = new();
    private readonly Dictionary<string, int> _hops = new(StringComparer.Ordinal);
    private readonly Dictionary<AnswerOrigin, Dictionary<string, int>> _counts =
        new(ReferenceEqualityComparer.Instance);

    /// <summary>The answers by the client's connection.</summary>
    public VersionRuns Connections { get; } = new(versions, concurrency);

    /// <summary>The answers by the app before the measured host, of those that have one.</summary>
    public VersionRuns Hops { get; } = new(versions, concurrency);

    /// <summary>
    /// The answers by nothing: whether versions come in turns that are the same on all connections.
    /// </summary>
    public VersionRuns Whole { get; } = new(versions, concurrency, byRecent: true);

    /// <summary>How often which version was told of answers from where; an empty version for none.</summary>
    public IReadOnlyList<OriginCount> Origins =>
    [
        .. _counts.SelectMany(
            item => item.Value,
            (item, pair) => new OriginCount(item.Key, pair.Key.Length == 0 ? null : pair.Key, pair.Value)),
    ];

    /// <summary>
    /// The failures that tell no version, by kind: the mesh's own answers do not, while an app's error often does.
    /// </summary>
    public Dictionary<LoadError, int> Unversioned { get; } = [];

    /// <summary>Where an answer comes from; called without the lock.</summary>
    public AnswerOrigin? OriginOf(in LoadAnswer answer) => origins?.Read(answer);

    /// <summary>Takes an answer or failure.</summary>
    public void Add(long ticket, LoadError error, long connection, string? version, AnswerOrigin? origin)
    {
        if (ticket < MaxFollowed)
        {
            _order.Add(ticket, (connection, error == LoadError.None ? version : null, origin?.Before));
        }

        while (_order.TryNext(out (long Connection, string? Version, string? Hop) next))
        {
            Follow(next.Connection, next.Version, next.Hop);
        }

        if (error != LoadError.None)
        {
            Unversioned[error] = Unversioned.GetValueOrDefault(error) + (version is null ? 1 : 0);
        }
        else if (origin is not null)
        {
            Count(origin, version ?? "");
        }
    }

    private void Follow(long connection, string? version, string? hop)
    {
        if (version is null)
        {
            return;
        }

        Whole.Add(0, version);
        if (connection > 0)
        {
            Connections.Add(connection, version);
        }

        if (hop is not null)
        {
            _hops.TryAdd(hop, _hops.Count + 1);
            Hops.Add(_hops[hop], version);
        }
    }

    private void Count(AnswerOrigin origin, string version)
    {
        if (!_counts.TryGetValue(origin, out Dictionary<string, int>? versions))
        {
            _counts[origin] = versions = new(StringComparer.Ordinal);
        }

        versions[version] = versions.GetValueOrDefault(version) + 1;
    }
}

/// <summary>How many answers came from one place and were told to be of one version.</summary>
/// <param name="Origin">The place.</param>
/// <param name="Version">The version; null when none could be told.</param>
/// <param name="Answers">The answers.</param>
internal sealed record OriginCount(AnswerOrigin Origin, string? Version, int Answers);
