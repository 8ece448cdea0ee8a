using System.Text;

namespace HybridMesh.Core;

/// <summary>Counts answers per version and decides when there are enough.</summary>
internal sealed class TrafficTally : ILoadSink
{
    /// <summary>
    /// When so many requests in a row brought no version, from the first on, more of them won't either.
    /// </summary>
    private const int Hopeless = 50;

    private readonly object _gate = new();
    private readonly IVersionAttribution _attribution;
    private readonly EarlyDecision? _early;
    private readonly int _wanted;
    private readonly int _most;
    private readonly Dictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _failed = new(StringComparer.Ordinal);
    private readonly Dictionary<LoadError, (int Count, string? Detail)> _errors = [];
    private readonly AnswerEvidence? _evidence;
    private int _begun;
    private int _underWay;
    private int _attributed;

    /// <param name="attribution">Tells versions.</param>
    /// <param name="wanted">The attributed answers wanted; null for as many as time allows.</param>
    /// <param name="early">Decides before that; null to go on to the end.</param>
    /// <param name="evidence">Collects what a diagnosis needs; null for none.</param>
    public TrafficTally(
        IVersionAttribution attribution, int? wanted, EarlyDecision? early = null, AnswerEvidence? evidence = null)
    {
        _evidence = evidence;
        _attribution = attribution;
        _early = early;
        _wanted = wanted ?? int.MaxValue;
        _most = wanted is { } count ? (int)Math.Min(int.MaxValue, count + (long)(count * 0.05)) : int.MaxValue;
    }

    /// <summary>The requests sent.</summary>
    public int Requests => Locked(() => _begun);

    /// <summary>The answers with a version.</summary>
    public int Attributed => Locked(() => _attributed);

    /// <summary>The successful answers without a version.</summary>
    public int Unattributed { get; private set; }

    /// <summary>One of them, to show.</summary>
    public string? UnattributedSample { get; private set; }

    /// <summary>The answers per version.</summary>
    public IReadOnlyDictionary<string, int> Versions => Locked(() => new Dictionary<string, int>(_versions));

    /// <summary>
    /// The failures per version, of those that tell one: an app's own error does, the mesh's does not.
    /// </summary>
    public IReadOnlyDictionary<string, int> Failed => Locked(() => new Dictionary<string, int>(_failed));

    /// <summary>The failures per kind, each with the words of the first.</summary>
    public IReadOnlyDictionary<LoadError, (int Count, string? Detail)> Errors =>
        Locked(() => new Dictionary<LoadError, (int, string?)>(_errors));

    /// <summary>What ended the run, once it has ended.</summary>
    public StopReason StoppedBy => Locked(() =>
        _early?.DecidedAt is not null ? StopReason.Decided
        : _attributed >= _wanted ? StopReason.Count
        : _begun >= _most ? StopReason.Failures
        : StopReason.Duration);

    /// <inheritdoc/>
    public bool WantsMore
    {
        get
        {
            lock (_gate)
            {
                return IsWanting();
            }
        }
    }

    /// <inheritdoc/>
    public bool TryBegin(out long ticket)
    {
        lock (_gate)
        {
            ticket = _begun;
            if (!IsWanting())
            {
                return false;
            }

            _begun++;
            _underWay++;
            return true;
        }
    }

    /// <inheritdoc/>
    public string? Complete(in LoadAnswer answer)
    {
        string? version = answer.StatusCode == 0 ? null : _attribution.VersionOf(answer);
        AnswerOrigin? origin = answer.Error == LoadError.None ? _evidence?.OriginOf(answer) : null;
        lock (_gate)
        {
            _evidence?.Add(answer.Ticket, answer.Error, answer.Connection, version, origin);
            _underWay--;
            _early?.Add(answer.Ticket, answer.Error == LoadError.None ? version : null);
            if (answer.Error != LoadError.None)
            {
                if (version is not null)
                {
                    _failed[version] = _failed.GetValueOrDefault(version) + 1;
                }

                (int count, string? detail) = _errors.GetValueOrDefault(answer.Error);
                _errors[answer.Error] = (count + 1, detail ?? Describe(answer));
            }
            else if (version is null)
            {
                Unattributed++;
                UnattributedSample ??= Shorten(answer.Body);
            }
            else
            {
                _attributed++;
                _versions[version] = _versions.GetValueOrDefault(version) + 1;
            }
        }

        return version;
    }

    private bool IsWanting()
    {
        bool hopeless = _attributed == 0 && _begun - _underWay >= Hopeless;
        bool decided = _early?.DecidedAt is not null;
        return !hopeless && !decided && _attributed + _underWay < _wanted && _begun < _most;
    }

    private static string? Describe(in LoadAnswer answer)
    {
        if (answer.Detail is not null || answer.StatusCode == 0)
        {
            return answer.Detail;
        }

        string body = Shorten(answer.Body);
        return body.Length == 0 ? $"{answer.StatusCode}" : $"{answer.StatusCode} {body}";
    }

    private static string Shorten(ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 1200)]).Trim().ReplaceLineEndings(" ");
        return text.Length > 400 ? text[..400] + "..." : text;
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
