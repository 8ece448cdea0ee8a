namespace HybridMesh.Core;

/// <summary>
/// Counts, over all connections, how often an answer is of the same version as the one before it on its connection. A
/// mesh that draws a version per request makes the two independent, whatever the latencies; one that draws per
/// connection, here or further behind, does not.
/// </summary>
internal sealed class ConnectionRuns
{
    // Enough to tell; a connection per request must not take ever more memory.
    private const int MaxConnections = 4096;

    private readonly Dictionary<long, (string Version, bool Single, int Answers)> _connections = [];
    private (long Connection, string Version)? _last;

    /// <summary>The connections that gave several answers.</summary>
    public int Connections => _connections.Values.Count(item => item.Answers > 1);

    /// <summary>Those of them that were always answered by one version.</summary>
    public int Single => _connections.Values.Count(item => item is { Answers: > 1, Single: true });

    /// <summary>Answers that had one before them on their connection.</summary>
    public int Pairs { get; private set; }

    /// <summary>Those of them that were of the same version.</summary>
    public int Same { get; private set; }

    /// <summary>Answers that came right after one of another connection.</summary>
    public int CrossPairs { get; private set; }

    /// <summary>Those of them that were of the same version.</summary>
    public int CrossSame { get; private set; }

    /// <summary>Takes an answer, in the order of arrival.</summary>
    public void Add(long connection, string version)
    {
        if (_last is { } last && last.Connection != connection)
        {
            CrossPairs++;
            CrossSame += last.Version == version ? 1 : 0;
        }

        _last = (connection, version);
        if (_connections.TryGetValue(connection, out (string Version, bool Single, int Answers) known))
        {
            bool same = known.Version == version;
            Pairs++;
            Same += same ? 1 : 0;
            _connections[connection] = (version, known.Single && same, known.Answers + 1);
        }
        else if (_connections.Count < MaxConnections)
        {
            _connections[connection] = (version, true, 1);
        }
    }
}
