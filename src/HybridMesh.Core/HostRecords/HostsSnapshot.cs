using System.Text;

namespace HybridMesh.Core;

/// <summary>What a script of <see cref="HostsScripts"/> reported.</summary>
internal sealed class HostsSnapshot
{
    private readonly Dictionary<string, List<string>> _resolves = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sum that a write compares with.</summary>
    public string Sum { get; private set; } = "";

    /// <summary>The file's bytes.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>The script has started; before that, sudo may have refused.</summary>
    public bool Started { get; private set; }

    /// <summary>Somebody changed the file since it was read; nothing was written.</summary>
    public bool Changed { get; private set; }

    /// <summary>The lock that could not be had; null when it could.</summary>
    public string? LockedBy { get; private set; }

    /// <summary>How the file was written, <c>renamed</c> or <c>inplace</c>; null when it was not.</summary>
    public string? Written { get; private set; }

    /// <summary>What the VM's resolver gives for a name.</summary>
    public IReadOnlyList<string> Resolves(string name) => _resolves.GetValueOrDefault(name) ?? [];

    public static HostsSnapshot Parse(string output)
    {
        HostsSnapshot snapshot = new();
        foreach (string line in output.Split('\n'))
        {
            string[] words = line.Split(' ', 3);
            switch (words[0])
            {
                case "HybridMesh":
                    snapshot.Started = true;
                    break;
                case "changed":
                    snapshot.Changed = true;
                    break;
                case "locked":
                    snapshot.LockedBy = words[1];
                    break;
                case "written":
                    snapshot.Written = words[1];
                    break;
                case "sum":
                    snapshot.Sum = words[1];
                    break;
                case "file":
                    snapshot.Content = Convert.FromBase64String(words[1]);
                    break;
                case "resolves" when words.Length == 3:
                    snapshot.AddResolved(words[1], words[2]);
                    break;
            }
        }

        return snapshot;
    }

    private void AddResolved(string name, string address)
    {
        if (!_resolves.TryGetValue(name, out List<string>? addresses))
        {
            _resolves[name] = addresses = [];
        }

        // getent says each address once per socket type.
        if (!addresses.Contains(address))
        {
            addresses.Add(address);
        }
    }
}
