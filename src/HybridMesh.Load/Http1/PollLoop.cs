using System.Diagnostics;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>One thread's connections: starts requests when they are due and drives those under way.</summary>
internal sealed class PollLoop
{
    // How long a stop, and a request whose time is up, may go unnoticed.
    private const int MaxWait = 50;

    private readonly LoadRun _run;
    private readonly PollSet _sockets;
    private readonly PollConnection[] _connections;
    private readonly byte[] _received = new byte[16 * 1024];
    private bool _over;
    private int _turn;
    private long _nextCheck;

    public PollLoop(LoadPlan plan, LoadTarget target, LoadRun run, int connections)
    {
        _run = run;
        _sockets = new PollSet(connections);
        _connections =
        [
            .. Enumerable.Range(0, connections).Select(i => new PollConnection(plan, target, run, _sockets, i)),
        ];
    }

    /// <summary>Sends requests until there is none to send and all are answered.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                int wait = StartDue();
                if (Array.TrueForAll(_connections, connection => !connection.IsBusy)
                    && (_over || !_run.Sink.WantsMore))
                {
                    return;
                }

                if (_sockets.Wait(wait))
                {
                    Drive(cancellationToken);
                }

                Expire();
            }
        }
        finally
        {
            Array.ForEach(_connections, connection => connection.Dispose());
        }
    }

    // The milliseconds until the next request is due. Connections take turns, lest a low rate use the first one alone.
    private int StartDue()
    {
        int wait = MaxWait;
        int first = _turn;
        for (int i = 0; i < _connections.Length && !_over; i++)
        {
            int place = (first + i) % _connections.Length;
            if (_connections[place].IsBusy)
            {
                continue;
            }

            wait = Math.Min(wait, Start(_connections[place]));
            if (_connections[place].IsBusy)
            {
                _turn = place + 1;
            }
            else if (_connections[place].PausedFor <= 0)
            {
                // Nothing is due or wanted, hence not for the next one either.
                break;
            }
        }

        return wait;
    }

    private int Start(PollConnection connection)
    {
        if (connection.PausedFor is int pause and > 0)
        {
            return pause;
        }

        // A request that nobody wants must not take the place of one that is made up for later.
        if (_run.Pace.IsOpenLoop && !_run.Sink.WantsMore)
        {
            return MaxWait;
        }

        int wait = _run.Pace.Take(connection.FreeSince, out Slot slot);
        if (wait > 0)
        {
            return wait;
        }

        if (wait < 0)
        {
            _over = true;
            return 0;
        }

        // Not the end: should one that is under way fail, another is wanted in its place.
        if (!_run.TryBegin(slot, out long ticket))
        {
            return MaxWait;
        }

        connection.Begin(ticket, slot.Start);
        return connection.IsBusy ? MaxWait : 0;
    }

    // A stop is looked for before each answer: the sink may take long to read one.
    private void Drive(CancellationToken cancellationToken)
    {
        for (int i = 0; i < _connections.Length && !cancellationToken.IsCancellationRequested; i++)
        {
            if (!_sockets.IsReady(i))
            {
                continue;
            }

            _connections[i].Advance(_received);
            if (!_connections[i].IsBusy && !_over)
            {
                // At once, not at the next look at all: the server is to have the next request while we read others.
                Start(_connections[i]);
            }
        }
    }

    private void Expire()
    {
        long now = Stopwatch.GetTimestamp();
        if (now < _nextCheck)
        {
            return;
        }

        _nextCheck = now + (MaxWait * Stopwatch.Frequency / 1000);
        foreach (PollConnection connection in _connections)
        {
            connection.Expire(now);
        }
    }
}
