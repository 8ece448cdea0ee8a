using System.Globalization;

namespace HybridMesh.Core;

/// <summary>The hosts file of one VM, read and replaced through a shell.</summary>
internal sealed class RemoteHostsFile(IRemoteShell shell)
{
    private const int MaxAttempts = 100;

    /// <summary>The file, for messages.</summary>
    public string Description => $"/etc/hosts on VM {shell.Vm}";

    /// <summary>Reads the file, and resolves those of the names that are in it.</summary>
    public async Task<HostsSnapshot> ReadAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        CommandResult result = await shell
            .RunAsync(Variable("names", Join(names)) + HostsScripts.Read, null, cancellationToken)
            .ConfigureAwait(false);
        return result.ExitCode == 0
            ? HostsSnapshot.Parse(result.Output)
            : throw RootShell.Failed(shell, $"{Description} can't be read", result);
    }

    /// <summary>
    /// Changes the file under the VM's lock. When another writer was faster, the change is made anew on what that one
    /// wrote, so that no record is lost.
    /// </summary>
    /// <returns>The file as it was just before, as it is now, and what the VM resolves afterwards.</returns>
    public async Task<HostsChange> ChangeAsync(
        HostsSnapshot seen, Func<HostsFile, HostsFile> change, IEnumerable<string> names,
        CancellationToken cancellationToken)
    {
        string resolve = Join(names);
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            HostsFile before = HostsFile.Parse(seen.Content, Description);
            HostsFile after = change(before);
            if (after.ToBytes().AsSpan().SequenceEqual(seen.Content))
            {
                return new HostsChange(before, after, await ReadAsync(names, cancellationToken).ConfigureAwait(false));
            }

            HostsSnapshot answer = await WriteAsync(seen, before, after, resolve, cancellationToken)
                .ConfigureAwait(false);
            if (!answer.Changed)
            {
                return new HostsChange(before, after, answer);
            }

            seen = answer;
        }

        throw new MeshException(
            MeshErrorCode.HostsFileLocked,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Description} was changed by others {MaxAttempts} times while we tried to; run again when they are "
                    + $"done."),
            shell.Vm);
    }

    /// <summary>The script that turns the file from one text into another, if it is still the one.</summary>
    internal static string WriteScript(string sum, HostsFile before, HostsFile after, string names) =>
        Variable("names", names)
        + Variable("seen", sum)
        + Variable("first", before.HasBlock ? "0" : "1")
        + Variable("last", after.HasBlock ? "0" : "1")
        + Variable("next", Convert.ToBase64String(after.ToBytes()))
        + HostsScripts.Write;

    private async Task<HostsSnapshot> WriteAsync(
        HostsSnapshot seen, HostsFile before, HostsFile after, string names, CancellationToken cancellationToken)
    {
        CommandResult result = await RootShell
            .RunAsync(shell, WriteScript(seen.Sum, before, after, names), cancellationToken).ConfigureAwait(false);
        HostsSnapshot answer = HostsSnapshot.Parse(result.Output);
        if (answer.LockedBy is { } file)
        {
            throw new MeshException(
                MeshErrorCode.HostsFileLocked,
                $"Another writer has held the lock '{file}' of {Description} for 10 s. Run again when it is done; if "
                + "none is there, remove that lock.",
                shell.Vm);
        }

        return result.ExitCode == 0 && (answer.Changed || answer.Written is not null)
            ? answer
            : throw RootShell.Failed(shell, $"{Description} can't be changed", result);
    }

    private static string Join(IEnumerable<string> names) =>
        string.Join(' ', names.Distinct(StringComparer.OrdinalIgnoreCase));

    private static string Variable(string name, string value) => $"{name}={ShellWord.Quote(value)}\n";
}

/// <summary>A change that was made.</summary>
/// <param name="Before">The file just before.</param>
/// <param name="After">The file now.</param>
/// <param name="Answer">What the VM said.</param>
internal sealed record HostsChange(HostsFile Before, HostsFile After, HostsSnapshot Answer);
