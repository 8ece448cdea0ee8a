using System.Text;

namespace HybridMesh.Ssh;

/// <summary>Adds entries to a known_hosts file that other threads and processes add to as well.</summary>
internal static class KnownHostsFile
{
    private static readonly object Gate = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds a key unless the file has one for the host by now, and says what the file then thinks of the key.
    /// </summary>
    public static KeyStanding Add(string file, string host, int port, string keyType, byte[] key)
    {
        MakeFolder(file);

        // The gate orders the threads of this process; the exclusive share orders processes.
        lock (Gate)
        {
            using FileStream stream = OpenExclusively(file);
            using StreamReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
            string text = reader.ReadToEnd();
            KeyStanding standing = KnownHosts.Parse(file, text).Judge(host, port, key).Standing;
            if (standing != KeyStanding.Unknown)
            {
                return standing;
            }

            string line = $"{KnownHosts.LookupName(host, port)} {keyType} {Convert.ToBase64String(key)}\n";
            string separator = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
            stream.Seek(0, SeekOrigin.End);
            stream.Write(Encoding.UTF8.GetBytes(separator + line)); // one write: a reader sees all of it or nothing
            stream.Flush();
            return KeyStanding.Known;
        }
    }

    private static void MakeFolder(string file)
    {
        if (Path.GetDirectoryName(file) is not { Length: > 0 } folder || Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream OpenExclusively(string file)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        long start = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FileStream(file, options);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException)
                && Environment.TickCount64 - start < Patience.TotalMilliseconds)
            {
                // Held by another process for the time of one line. We are on a thread of our own.
                Thread.Yield();
                using ManualResetEventSlim pause = new();
                pause.Wait(10);
            }
        }
    }
}
