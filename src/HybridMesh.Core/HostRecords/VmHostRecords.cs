using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Adds, reads and removes records in the hosts file of a VM.</summary>
public static class VmHostRecords
{
    // Where our records are not there (yet), these names are the mesh's anyway.
    private const string MeshSuffix = ".svc.cluster.local";

    /// <summary>Adds records, or changes those that are there.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="records">The records.</param>
    /// <param name="guard">Asks before anything is written, and takes warnings.</param>
    /// <param name="cancellationToken">Ends the work; the file is then as before or as asked for.</param>
    /// <returns>One result per record; none when the change was not approved.</returns>
    public static async Task<IReadOnlyList<VmHostRecord>> AddAsync(
        IRemoteShell shell, IReadOnlyList<HostRecord> records, ChangeGuard guard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(guard);
        RemoteHostsFile remote = new(shell);
        string[] names = [.. records.Select(record => record.HostName)];
        HostsSnapshot seen = await remote.ReadAsync(names, cancellationToken).ConfigureAwait(false);
        HostsFile file = HostsFile.Parse(seen.Content, remote.Description);
        HostRecord[] due = [.. records.Where(record => ActionFor(file, record) != ChangeAction.Unchanged)];
        HostsChange change = new(file, file, seen);
        if (due.Length > 0)
        {
            if (!await guard.Approve(remote.Description, $"Add {string.Join(", ", due.Select(r => r.ToString()))}")
                .ConfigureAwait(false))
            {
                return [];
            }

            change = await remote.ChangeAsync(seen, current => current.With(records), names, cancellationToken)
                .ConfigureAwait(false);
        }

        foreach (HostRecord record in records)
        {
            WarnOfShadow(guard, remote, change, record);
        }

        return [.. records.Select(record => Result(shell.Vm, change, record, ActionFor(change.Before, record)))];
    }

    /// <summary>
    /// Reads our records, and foreign ones for names of the mesh: those that hide ours and those left by other tools.
    /// </summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="hostNames">The names asked for; empty for all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<IReadOnlyList<VmHostRecord>> GetAsync(
        IRemoteShell shell, IReadOnlyList<string> hostNames, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(hostNames);
        RemoteHostsFile remote = new(shell);
        HostsSnapshot seen = await remote.ReadAsync(hostNames, cancellationToken).ConfigureAwait(false);
        HostsFile file = HostsFile.Parse(seen.Content, remote.Description);
        HashSet<string> ours = file.OwnRecords.Select(record => record.HostName)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = (
            from entry in file.Entries
            from name in entry.Names
            where hostNames.Count > 0
                ? hostNames.Contains(name, StringComparer.OrdinalIgnoreCase)
                : ours.Contains(name) || name.EndsWith(MeshSuffix, StringComparison.OrdinalIgnoreCase)
            select (Entry: entry, Name: name)).ToList();
        if (found.Count > 0 && hostNames.Count == 0)
        {
            // Only now the names are known that the VM is to resolve.
            seen = await remote.ReadAsync(found.Select(item => item.Name), cancellationToken).ConfigureAwait(false);
        }

        return [.. found.Select(item => new VmHostRecord
        {
            Vm = shell.Vm,
            HostName = item.Name,
            IPAddress = item.Entry.Address.ToString(),
            Owner = item.Entry.IsOwn ? HostRecordOwner.HybridMesh : HostRecordOwner.Foreign,
            Shadows = Shadows(file, item.Entry, item.Name),
            LineNumber = item.Entry.LineNumber,
            Resolves = seen.Resolves(item.Name),
        })];
    }

    /// <summary>Removes records of ours.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="hostNames">The names; empty for all of ours.</param>
    /// <param name="guard">Asks before anything is written, and takes warnings.</param>
    /// <param name="cancellationToken">Ends the work; the file is then as before or as asked for.</param>
    public static async Task<IReadOnlyList<VmHostRecord>> RemoveAsync(
        IRemoteShell shell, IReadOnlyList<string> hostNames, ChangeGuard guard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(hostNames);
        ArgumentNullException.ThrowIfNull(guard);
        RemoteHostsFile remote = new(shell);
        HostsSnapshot seen = await remote.ReadAsync(hostNames, cancellationToken).ConfigureAwait(false);
        HostsFile file = HostsFile.Parse(seen.Content, remote.Description);
        HostRecord[] due = [.. file.OwnRecords.Where(IsAskedFor)];
        HostsChange change = new(file, file, seen);
        if (due.Length > 0)
        {
            if (!await guard.Approve(remote.Description, $"Remove {string.Join(", ", due.Select(r => r.ToString()))}")
                .ConfigureAwait(false))
            {
                return [];
            }

            change = await remote
                .ChangeAsync(
                    seen, current => current.Without(IsAskedFor), due.Select(r => r.HostName), cancellationToken)
                .ConfigureAwait(false);
        }

        HostRecord[] removed = [.. change.Before.OwnRecords.Where(IsAskedFor)];
        IEnumerable<string> absent = hostNames.Where(
            name => !removed.Any(record => record.HostName.Equals(name, StringComparison.OrdinalIgnoreCase)));
        return
        [
            .. removed.Select(record => Result(shell.Vm, change, record, ChangeAction.Removed)),
            .. absent.Select(name => new VmHostRecord
            {
                Vm = shell.Vm,
                HostName = name,
                Action = ChangeAction.Unchanged,
                Resolves = change.Answer.Resolves(name),
            }),
        ];

        bool IsAskedFor(HostRecord record) =>
            hostNames.Count == 0 || hostNames.Contains(record.HostName, StringComparer.OrdinalIgnoreCase);
    }

    private static ChangeAction ActionFor(HostsFile file, HostRecord record) =>
        file.With([record]).ToBytes().AsSpan().SequenceEqual(file.ToBytes()) ? ChangeAction.Unchanged
            : file.FindOwn(record) is null ? ChangeAction.Created
            : ChangeAction.Updated;

    private static bool Shadows(HostsFile file, HostsEntry entry, string name) => !entry.IsOwn
        && file.OwnRecords.Any(own => own.HostName.Equals(name, StringComparison.OrdinalIgnoreCase)
            && own.IsNamedBy(entry) && !own.Address.Equals(entry.Address)
            && file.FindOwn(own)!.LineNumber > entry.LineNumber);

    private static void WarnOfShadow(ChangeGuard guard, RemoteHostsFile remote, HostsChange change, HostRecord record)
    {
        if (change.After.FindShadow(record) is { } shadow)
        {
            guard.Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{remote.Description}: line {shadow.LineNumber} is not ours, comes first and gives "
                    + $"'{record.HostName}' the "
                + $"address {shadow.Address} instead of {record.IPAddress}. Remove that line."));
        }
    }

    private static VmHostRecord Result(MeshVm vm, HostsChange change, HostRecord record, ChangeAction action) => new()
    {
        Vm = vm,
        HostName = record.HostName,
        IPAddress = record.IPAddress,
        Action = action,
        LineNumber = change.After.FindOwn(record)?.LineNumber,
        Resolves = change.Answer.Resolves(record.HostName),
    };
}
