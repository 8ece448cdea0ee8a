using System.Security.Cryptography;
using System.Text;

namespace HybridMesh.Ssh;

/// <summary>One entry of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").</summary>
internal sealed record KnownHostsLine(
    string File, int Number, string? Marker, string HostPatterns, string KeyType, byte[] Key)
{
    private const string HashPrefix = "|1|";

    public bool IsRevoked => Marker == "@revoked";

    /// <summary>Entries of authorities certify other keys; they never are a host's own key.</summary>
    public bool IsAuthority => Marker == "@cert-authority";

    /// <summary>Reads a line; null for comments, blank and unreadable ones, which ssh skips as well.</summary>
    public static KnownHostsLine? Parse(string file, int number, string line)
    {
        string[] parts = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts[0].StartsWith('#'))
        {
            return null;
        }

        string? marker = parts[0].StartsWith('@') ? parts[0] : null;
        string[] fields = marker is null ? parts : parts[1..];
        if (fields.Length < 3)
        {
            return null;
        }

        try
        {
            byte[] key = Convert.FromBase64String(fields[2]);
            return new KnownHostsLine(file, number, marker, fields[0], fields[1], key);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the entry is about a host, given as ssh looks it up: <c>name</c> or <c>[name]:port</c>.
    /// </summary>
    public bool Names(string host)
    {
        if (HostPatterns.StartsWith(HashPrefix, StringComparison.Ordinal))
        {
            return HashMatches(host);
        }

        bool named = false;
        foreach (string pattern in HostPatterns.Split(','))
        {
            if (pattern.StartsWith('!'))
            {
                if (GlobMatches(pattern.AsSpan(1), host))
                {
                    return false;
                }
            }
            else
            {
                named |= GlobMatches(pattern, host);
            }
        }

        return named;
    }

    private bool HashMatches(string host)
    {
        string[] parts = HostPatterns[HashPrefix.Length..].Split('|');
        if (parts.Length != 2)
        {
            return false;
        }

        try
        {
            // SHA-1 because the file format says so; it hides names, it protects no key.
#pragma warning disable CA5350
            byte[] hash = HMACSHA1.HashData(Convert.FromBase64String(parts[0]), Encoding.UTF8.GetBytes(host));
#pragma warning restore CA5350
            return hash.AsSpan().SequenceEqual(Convert.FromBase64String(parts[1]));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool GlobMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
            {
                for (int skip = 0; skip <= text.Length; skip++)
                {
                    if (GlobMatches(pattern[1..], text[skip..]))
                    {
                        return true;
                    }
                }

                return false;
            }

            if (text.IsEmpty
                || (pattern[0] != '?' && char.ToLowerInvariant(pattern[0]) != char.ToLowerInvariant(text[0])))
            {
                return false;
            }

            pattern = pattern[1..];
            text = text[1..];
        }

        return text.IsEmpty;
    }
}
