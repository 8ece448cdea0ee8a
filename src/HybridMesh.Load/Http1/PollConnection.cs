using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>One connection and the request under way on it, none of whose calls block.</summary>
internal sealed class PollConnection : IDisposable
{
    // A server that is gone refuses at once: don't spend the processor on asking it a hundred thousand times a second.
    private const int RefusedPause = 10;

    private readonly LoadPlan _plan;
    private readonly LoadTarget _target;
    private readonly LoadRun _run;
    private readonly PollSet _sockets;
    private readonly int _place;
    private readonly ResponseReader _reader;
    private Socket? _socket;
    private State _state;
    private bool _kept;
    private long _number;
    private int _address;
    private int _sent;
    private long _ticket;
    private long _start;
    private long _deadline;
    private long _pauseEnd;

    public PollConnection(LoadPlan plan, LoadTarget target, LoadRun run, PollSet sockets, int place)
    {
        (_plan, _target, _run, _sockets, _place) = (plan, target, run, sockets, place);
        _reader = new ResponseReader(plan.CaptureHeader, plan.MaxBodyBytes);
        FreeSince = Stopwatch.GetTimestamp();
    }

    private enum State { Idle, Ready, Connecting, Sending, Receiving }

    /// <summary>Whether a request is under way.</summary>
    public bool IsBusy => _state != State.Idle;

    /// <summary>Since when none is.</summary>
    public long FreeSince { get; private set; }

    /// <summary>The milliseconds for which no request is to be sent, because nobody listened.</summary>
    public int PausedFor => _pauseEnd == 0 ? 0
        : (int)Math.Ceiling((_pauseEnd - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency);

    /// <summary>Sends a request.</summary>
    public void Begin(long ticket, long start)
    {
        (_ticket, _start, _pauseEnd, _address) = (ticket, start, 0, 0);
        _deadline = Stopwatch.GetTimestamp() + (long)(_plan.Timeout.TotalSeconds * Stopwatch.Frequency);
        _kept = _socket is not null;
        _state = State.Ready;
        Go([]);
    }

    /// <summary>Goes on where the socket has become ready.</summary>
    public void Advance(byte[] buffer)
    {
        if (_state == State.Idle)
        {
            // The server has closed the connection, or sent what nobody asked for.
            Close();
            return;
        }

        Go(buffer);
    }

    /// <summary>Ends a request whose time is up.</summary>
    public void Expire(long now)
    {
        if (IsBusy && now > _deadline)
        {
            Fail(LoadError.Timeout, new OperationCanceledException());
        }
    }

    public void Dispose() => Close();

    private void Go(byte[] buffer)
    {
        while (TryStep(buffer) is { } failure && IsToBeTriedAgain(failure))
        {
        }
    }

    private Exception? TryStep(byte[] buffer)
    {
        try
        {
            Step(buffer);
            return null;
        }
        catch (Exception e) when (e is SocketException or HttpFormatException)
        {
            return e;
        }
    }

    private bool IsToBeTriedAgain(Exception failure)
    {
        bool connecting = _state == State.Connecting;
        Close();
        if (connecting && ++_address < _target.EndPoints.Count)
        {
            _state = State.Ready;
            return true;
        }

        if (_kept && !_reader.Started)
        {
            // A server may close an idle connection at the moment it is used again. Nothing of an answer has come, and
            // a GET may be sent twice (RFC 9112, 9.3.1); a new connection that does the same has failed.
            _run.CountRetry(_ticket);
            _kept = false;
            _state = State.Ready;
            return true;
        }

        Fail(connecting ? LoadError.Connect : LoadError.Broken, failure);
        return false;
    }

    private void Step(byte[] buffer)
    {
        if (_state == State.Ready)
        {
            _reader.Reset();
            _sent = 0;
            _state = State.Sending;
            if (_socket is null && !Connect())
            {
                return;
            }
        }

        switch (_state)
        {
            case State.Connecting:
                EndConnect();
                Send();
                break;
            case State.Sending:
                Send();
                break;
            case State.Receiving:
                Receive(buffer);
                break;
        }
    }

    // Whether the connection is there at once.
    private bool Connect()
    {
        _state = State.Connecting;
        IPEndPoint endPoint = _target.EndPoints[_address];
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            Blocking = false,
        };
        try
        {
            _socket.Connect(endPoint);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            _sockets.Set(_place, _socket, forWriting: true);
            return false;
        }
    }

    private void EndConnect()
    {
        if (_socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error and not 0)
        {
            throw new SocketException(error);
        }

        _number = _run.Counters.CountConnection();
        _state = State.Sending;
    }

    private void Send()
    {
        _sent += _socket!.Send(_target.Request.AsSpan(_sent), SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            throw new SocketException((int)error);
        }

        bool whole = _sent == _target.Request.Length;
        _state = whole ? State.Receiving : State.Sending;
        _sockets.Set(_place, _socket, forWriting: !whole);
    }

    private void Receive(byte[] buffer)
    {
        int count = _socket!.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }

        int used = 0;
        if (count == 0)
        {
            _reader.End();
        }
        else if (!_reader.Read(buffer.AsSpan(0, count), out used))
        {
            return;
        }

        // Bytes after the answer would be taken for the next one's.
        if (!_reader.KeepAlive || used < count || _plan.NewConnection)
        {
            Close();
        }

        End(new LoadAnswer
        {
            Ticket = _ticket,
            Connection = _number,
            Error = LoadFailures.Classify(_reader.Status),
            StatusCode = _reader.Status,
            Body = _reader.Body,
            Header = _reader.Captured,
        });
    }

    private void Fail(LoadError error, Exception failure)
    {
        Close();
        if (error == LoadError.Connect)
        {
            _pauseEnd = Stopwatch.GetTimestamp() + (RefusedPause * Stopwatch.Frequency / 1000);
        }

        End(new LoadAnswer { Ticket = _ticket, Error = error, Detail = LoadFailures.Describe(failure, _plan) });
    }

    private void End(in LoadAnswer answer)
    {
        FreeSince = Stopwatch.GetTimestamp();
        _state = State.Idle;
        _run.Complete(answer, FreeSince - _start);
    }

    private void Close()
    {
        _sockets.Set(_place, null, forWriting: false);
        _socket?.Dispose();
        _socket = null;
    }
}
