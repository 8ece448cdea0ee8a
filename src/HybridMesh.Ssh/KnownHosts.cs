using System.Globalization;

namespace HybridMesh.Ssh;

/// <summary>What known_hosts files say about a key a host has shown.</summary>
internal enum KeyStanding
{
    /// <summary>No file names the host.</summary>
    Unknown,
    /// <summary>It is the key on file.</summary>
    Known,
    /// <summary>Files have other keys for the host, and not this one.</summary>
    Changed,
    /// <summary>The key is marked as revoked.</summary>
    Revoked,
}

/// <summary>The entries of the known_hosts files in use for one VM.</summary>
internal sealed class KnownHosts
{
    private const int DefaultPort = 22;

    private readonly IReadOnlyList<KnownHostsLine> _lines;

    private KnownHosts(IReadOnlyList<KnownHostsLine> lines) => _lines = lines;

    /// <summary>Reads the files that exist, in order.</summary>
    public static KnownHosts Read(IEnumerable<string> files) => new([.. files.SelectMany(ReadFile)]);

    /// <summary>Makes entries of text; for tests and for what was just read under a lock.</summary>
    public static KnownHosts Parse(string file, string text) => new([.. ParseText(file, text)]);

    /// <summary>The name ssh looks a host up by.</summary>
    public static string LookupName(string host, int port)
    {
        string lower = host.ToLowerInvariant();
        return port == DefaultPort ? lower : string.Create(CultureInfo.InvariantCulture, $"[{lower}]:{port}");
    }

    /// <summary>The types of the keys on file for a host, such as <c>ssh-ed25519</c>.</summary>
    public IReadOnlyList<string> KeyTypes(string host, int port) =>
        [.. OwnKeys(host, port).Select(line => line.KeyType).Distinct()];

    /// <summary>What the files say about a key; the line is the one that decides.</summary>
    public (KeyStanding Standing, KnownHostsLine? Line) Judge(string host, int port, byte[] key)
    {
        string name = LookupName(host, port);
        KnownHostsLine? revoked = _lines.FirstOrDefault(
            line => line.IsRevoked && line.Key.AsSpan().SequenceEqual(key)
                && (line.Names(name) || line.Names(host.ToLowerInvariant())));
        if (revoked is not null)
        {
            return (KeyStanding.Revoked, revoked);
        }

        List<KnownHostsLine> own = OwnKeys(host, port);
        if (own.Count == 0)
        {
            return (KeyStanding.Unknown, null);
        }

        // A key of another type than those on file counts as changed too: we ask for the types on file first, so a
        // host that still has one of those keys shows it.
        return own.FirstOrDefault(line => line.Key.AsSpan().SequenceEqual(key)) is { } match
            ? (KeyStanding.Known, match)
            : (KeyStanding.Changed, own[0]);
    }

    private List<KnownHostsLine> OwnKeys(string host, int port)
    {
        string name = LookupName(host, port);
        List<KnownHostsLine> exact = Named(name);
        return exact.Count > 0 || port == DefaultPort ? exact : Named(host.ToLowerInvariant());
    }

    private List<KnownHostsLine> Named(string name) =>
        [.. _lines.Where(line => line is { IsRevoked: false, IsAuthority: false } && line.Names(name))];

    private static IEnumerable<KnownHostsLine> ReadFile(string file)
    {
        try
        {
            // Sharing: another session may be appending to it.
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream);
            return ParseText(file, reader.ReadToEnd());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static List<KnownHostsLine> ParseText(string file, string text)
    {
        List<KnownHostsLine> lines = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (KnownHostsLine.Parse(file, number, line.TrimEnd('\r')) is { } entry)
            {
                lines.Add(entry);
            }
        }

        return lines;
    }
}
