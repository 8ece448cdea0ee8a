namespace HybridMesh.Ssh;

/// <summary>Where OpenSSH keeps a user's files.</summary>
internal static class SshFolder
{
    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string Folder => Path.Combine(Home, ".ssh");

    /// <summary>The user's own known_hosts file.</summary>
    public static string KnownHosts => Path.Combine(Folder, "known_hosts");

    /// <summary>The machine's known_hosts file.</summary>
    public static string SystemKnownHosts => OperatingSystem.IsWindows()
        ? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ssh", "ssh_known_hosts")
        : "/etc/ssh/ssh_known_hosts";

    /// <summary>The keys tried when none is named.</summary>
    public static IEnumerable<string> DefaultKeys =>
        ((string[])["id_ed25519", "id_ecdsa", "id_rsa"]).Select(name => Path.Combine(Folder, name));

    /// <summary>A path with <c>~</c> replaced; null stays null.</summary>
    public static string? Expand(string? path) => path switch
    {
        null => null,
        "~" => Home,
        _ when path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal)
            => Path.Combine(Home, path[2..]),
        _ => Path.GetFullPath(path),
    };
}
