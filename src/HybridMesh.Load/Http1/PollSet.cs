using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace HybridMesh.Load;

/// <summary>
/// Waits for any of many sockets. The base library has no such call that doesn't build its lists anew each time, or
/// hand each event to another thread; poll(2) is the same on all systems that have it.
/// </summary>
internal sealed class PollSet(int size)
{
    private const short Readable = 0x1;
    private const short Writable = 0x4;
    private const int Nobody = -1;

    private readonly Entry[] _entries = [.. Enumerable.Repeat(new Entry { Descriptor = Nobody }, size)];

    /// <summary>Whether this system has the call.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Waits for a socket in this place to be readable, or writable; null for no socket.</summary>
    public void Set(int place, Socket? socket, bool forWriting) => _entries[place] = new Entry
    {
        Descriptor = socket is null ? Nobody : (int)socket.Handle,
        Wanted = forWriting ? Writable : Readable,
    };

    /// <summary>Whether the socket in this place is ready, or has failed.</summary>
    public bool IsReady(int place) => _entries[place].Happened != 0;

    /// <summary>Waits until a socket is ready.</summary>
    /// <returns>Whether one is; false when the time is over.</returns>
    public bool Wait(int milliseconds) => poll(_entries, (nuint)_entries.Length, milliseconds) > 0;

    [DllImport("libc", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int poll([In, Out] Entry[] entries, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }
}
