namespace HybridMesh.Core;

/// <summary>
/// Whether answers of one key, such as a connection, keep to one version. A mesh that draws a version per request makes
/// an answer's version independent of its key and of the answers before it, whatever the latencies.
/// <para>
/// The test is a wager: before each answer its version is foretold, from the last one of its key and from how often
/// answers kept to that so far, and what this foretells is held against the best that any mesh which draws per request
/// could do in hindsight, even one whose shares change once in every cell of <see cref="CellOf"/> answers. The
/// first by the second is at most a martingale that starts at 1, so by Ville's inequality it ever reaches 1/a with
/// probability a at most: no matter how many answers there are, how they are spread over the keys, or when the
/// measurement stops (universal inference; see about_HybridMesh_Traffic).
/// </para>
/// Answers are to come in the order in which their requests were begun.
/// </summary>
/// <param name="versions">The versions that may answer; all others count as one more.</param>
/// <param name="concurrency">The requests under way at a time.</param>
/// <param name="byRecent">
/// Whether an answer is foretold from the last answers of all keys too, which finds shares that change with time.
/// </param>
internal sealed class VersionRuns(IReadOnlyList<string> versions, int concurrency = 1, bool byRecent = false)
{
    // Enough to tell; a connection per request must not take ever more memory, nor a long run ever more time.
    private const int MaxKeys = 4096;
    private const int MaxAnswers = 1 << 16;

    // The parts of answers that may keep to their key's version; the others are drawn.
    private static readonly double[] Keeping = [0.2, 0.4, 0.6, 0.8, 0.95, 0.999];

    // Of so many answers about are the recent ones: an app's connections last longer.
    private const double Recent = 64;

    private readonly double[] _trust =
        [.. Keeping.Select(_ => (byRecent ? 0.5 : 1) / Keeping.Length), byRecent ? 0.5 : 0];

    private readonly double[] _recent = new double[versions.Count + 1];
    private readonly Dictionary<long, (int Version, bool Single, int Answers)> _keys = [];
    private readonly VersionCell _cell = new(versions.Count + 1, CellOf(concurrency));
    private readonly int[] _counts = new int[versions.Count + 1];
    private double _logWager;

    /// <summary>The keys that answers came from.</summary>
    public int Keys => _keys.Count;

    /// <summary>Those of them that gave several answers.</summary>
    public int Several => _keys.Values.Count(item => item.Answers > 1);

    /// <summary>Those of these that were always answered by one version.</summary>
    public int Single => _keys.Values.Count(item => item is { Answers: > 1, Single: true });

    /// <summary>The answers taken.</summary>
    public int Answers { get; private set; }

    /// <summary>Answers that had one before them of their key.</summary>
    public int Pairs { get; private set; }

    /// <summary>Those of them that were of the same version.</summary>
    public int Same { get; private set; }

    /// <summary>How many of the same version a mesh that draws per request would bring.</summary>
    public double ExpectedSame => _cell.ExpectedSame;

    /// <summary>
    /// The part of what is possible by which answers keep to their key's version: 0 for a draw per request, 1 for a
    /// draw per key.
    /// </summary>
    public double Kept =>
        Pairs - ExpectedSame > 1e-9 ? Math.Max(0, (Same - ExpectedSame) / (Pairs - ExpectedSame)) : 0;

    /// <summary>
    /// At most so probable is evidence as strong as this when each request is drawn: an anytime p-value.
    /// </summary>
    public double PValue => Math.Min(1, Math.Exp(_cell.LogLikelihood - _logWager));

    /// <summary>The same, against a mesh whose shares never change.</summary>
    public double PValueIfSteady
    {
        get
        {
            double likelihood = _counts.Where(count => count > 0)
                .Sum(count => count * Math.Log((double)count / Answers));
            return Math.Min(1, Math.Exp(likelihood - _logWager));
        }
    }

    /// <summary>
    /// How many answers make a cell: the shares may change once in each. Several rounds of all requests under way, so
    /// that a round in which the fast versions answer first does not look like a change.
    /// </summary>
    public static int CellOf(int concurrency) => Math.Max(64, 8 * concurrency);

    /// <summary>Takes an answer.</summary>
    public void Add(long key, string version)
    {
        if (Answers >= MaxAnswers)
        {
            return;
        }

        int index = IndexOf(version);
        bool known = _keys.TryGetValue(key, out (int Version, bool Single, int Answers) last);
        _logWager += Math.Log(Foretold(index, known ? last.Version : null));
        _cell.Add(index, known ? last.Version : null);
        _counts[index]++;
        Answers++;
        Remember(index);
        if (known)
        {
            bool same = last.Version == index;
            Pairs++;
            Same += same ? 1 : 0;
            _keys[key] = (index, last.Single && same, last.Answers + 1);
        }
        else if (_keys.Count < MaxKeys)
        {
            _keys[key] = (index, true, 1);
        }
    }

    // The probabilities of all versions sum to 1, and only the past is in them: else it would be no wager. Of the ways
    // in which answers may keep to their key each foretells for itself, and counts by how well it has done so far.
    private double Foretold(int version, int? before)
    {
        double drawn = Drawn(version);
        if (before is not { } kept)
        {
            return drawn;
        }

        double sum = 0;
        for (int i = 0; i < Keeping.Length; i++)
        {
            _trust[i] *= (version == kept ? Keeping[i] : 0) + ((1 - Keeping[i]) * drawn);
            sum += _trust[i];
        }

        _trust[^1] *= (_recent[version] + 0.5) / (_recent.Sum() + (0.5 * _recent.Length));
        sum += _trust[^1];
        for (int i = 0; i < _trust.Length; i++)
        {
            _trust[i] /= sum;
        }

        return sum;
    }

    private void Remember(int version)
    {
        for (int i = 0; i < _recent.Length; i++)
        {
            _recent[i] *= 1 - (1 / Recent);
        }

        _recent[version]++;
    }

    private double Drawn(int version) => (_counts[version] + 0.5) / (Answers + (0.5 * _counts.Length));

    private int IndexOf(string version)
    {
        for (int i = 0; i < versions.Count; i++)
        {
            if (versions[i] == version)
            {
                return i;
            }
        }

        return versions.Count;
    }
}
