namespace HybridMesh.Core;

/// <summary>Runs scripts with root's rights: directly as root, else by sudo without a password.</summary>
internal static class RootShell
{
    // Its first line is printed by scripts that got through to root (HybridMesh).
    private const string Started = "HybridMesh\n";
    private const int NoSudo = 126;

    private const string Command = """
        if [ "$(id -u)" = 0 ]; then exec sh -s; fi
        command -v sudo > /dev/null 2>&1 || { echo "sudo is not installed" >&2; exit 126; }
        exec sudo -n sh -s
        """;

    /// <summary>Runs a script that prints the line <c>HybridMesh</c> first.</summary>
    /// <exception cref="MeshException">SudoRequired, when it did not get that far.</exception>
    public static async Task<CommandResult> RunAsync(
        IRemoteShell shell, string script, CancellationToken cancellationToken)
    {
        // By standard input, because a hosts file may be longer than an argument can.
        CommandResult result = await shell.RunAsync(Command, script, cancellationToken).ConfigureAwait(false);
        bool refused = result.ExitCode is 1 or NoSudo
            && !result.Output.StartsWith(Started, StringComparison.Ordinal)
            && result.ErrorOutput.Contains("sudo", StringComparison.OrdinalIgnoreCase);
        return refused ? throw SudoRequired(shell, result.ErrorOutput) : result;
    }

    /// <summary>The error of a script that failed; only its last words, which say why.</summary>
    public static MeshException Failed(IRemoteShell shell, string what, CommandResult result) => new(
        MeshErrorCode.RemoteCommandFailed,
        $"{what}: {Reason(result)} (exit code {result.ExitCode}).",
        shell.Vm);

    internal static MeshException SudoRequired(IRemoteShell shell, string reason) => new(
        MeshErrorCode.SudoRequired,
        $"User '{shell.UserName}' needs root's rights on VM {shell.Vm}, and sudo gives none without a password "
        + $"({LastLine(reason)}). Log in as root, or let sudo work without asking: "
        + $"'{shell.UserName} ALL=(root) NOPASSWD: ALL' in a file in /etc/sudoers.d.",
        shell.Vm);

    private static string Reason(CommandResult result) =>
        LastLine(result.ErrorOutput) is { Length: > 0 } text ? text : "it said nothing";

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
}
