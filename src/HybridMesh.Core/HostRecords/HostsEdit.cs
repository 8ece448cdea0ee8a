using System.Security.Cryptography;
using System.Text;

namespace HybridMesh.Core;

/// <summary>
/// Records to be added to a VM's hosts file, as a script and its undoing, for a larger change that the VM takes back by
/// itself when a later step of it fails.
/// </summary>
internal sealed class HostsEdit
{
    private HostsEdit(IReadOnlyList<HostRecord> records, IReadOnlyList<HostRecord> added)
    {
        Records = records;
        Added = added;
    }

    /// <summary>The records that are added or changed.</summary>
    public IReadOnlyList<HostRecord> Records { get; }

    /// <summary>Those of them that are new.</summary>
    public IReadOnlyList<HostRecord> Added { get; }

    /// <summary>Writes them, if the file is still what was read.</summary>
    public required string Script { get; init; }

    /// <summary>Takes them back, if the file is still as the script left it.</summary>
    public required string Undo { get; init; }

    /// <summary>Reads the hosts file and plans the change; null when every record is there.</summary>
    public static async Task<(HostsEdit? Edit, HostsFile File)> PlanAsync(
        IRemoteShell shell, IReadOnlyList<HostRecord> records, CancellationToken cancellationToken)
    {
        RemoteHostsFile remote = new(shell);
        HostsSnapshot seen = await remote.ReadAsync([], cancellationToken).ConfigureAwait(false);
        HostsFile before = HostsFile.Parse(seen.Content, remote.Description);
        HostsFile after = before.With(records);
        if (records.Count == 0 || after.ToBytes().AsSpan().SequenceEqual(seen.Content))
        {
            return (null, before);
        }

        HostRecord[] due = [.. records
            .Where(record => before.FindOwn(record) is not { } own || !own.Address.Equals(record.Address))];
        HostsEdit edit = new(due, [.. due.Where(record => before.FindOwn(record) is null)])
        {
            Script = RemoteHostsFile.WriteScript(seen.Sum, before, after, ""),
            Undo = RemoteHostsFile.WriteScript(Sum(after), after, before, ""),
        };
        return (edit, before);
    }

    // As the scripts compute it where there is sha256sum; elsewhere it fits no file, and nothing is undone.
    private static string Sum(HostsFile file) => Convert.ToHexString(
        SHA256.HashData(Encoding.ASCII.GetBytes(Convert.ToBase64String(file.ToBytes())))).ToLowerInvariant();
}
