using System.Diagnostics;
using System.Net.Sockets;

namespace HybridMesh.Load;

/// <summary>
/// Ends a blocking request from outside, by closing its socket: when its time is up, or when the run is stopped. One
/// watch over all workers costs a request nothing, where a time-out of the socket's own would be two system calls and
/// would start anew with every byte.
/// </summary>
internal sealed class RequestGuard
{
    private readonly object _gate = new();
    private Socket? _socket;
    private long _deadline;
    private bool _expired;
    private bool _stopped;

    /// <summary>Whether the run was stopped.</summary>
    public bool Stopped => Volatile.Read(ref _stopped);

    /// <summary>Whether the request's time is up.</summary>
    public bool Expired => Volatile.Read(ref _expired);

    /// <summary>Starts a request's time.</summary>
    public void Arm(TimeSpan timeout)
    {
        long deadline = Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency);
        lock (_gate)
        {
            _deadline = deadline;
            _expired = false;
        }
    }

    /// <summary>Ends a request's time.</summary>
    /// <returns>Whether it was up before.</returns>
    public bool Disarm()
    {
        lock (_gate)
        {
            _deadline = 0;
            return _expired;
        }
    }

    /// <summary>Puts a socket under guard; it is closed at once when it comes too late.</summary>
    public void Watch(Socket? socket)
    {
        lock (_gate)
        {
            _socket = socket;
            if (_stopped || _expired)
            {
                socket?.Dispose();
            }
        }
    }

    /// <summary>Closes the socket of a request whose time is up.</summary>
    public void Check(long now)
    {
        lock (_gate)
        {
            if (_deadline != 0 && now > _deadline)
            {
                _expired = true;
                _socket?.Dispose();
            }
        }
    }

    /// <summary>Closes the socket for good.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            _socket?.Dispose();
        }
    }
}
