using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>The files that make a VM's file tree differ from the host's.</summary>
internal static class VmSeed
{
    public const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(PlacePlan plan, SshKeys keys, string shadow)
    {
        Put(plan, "/etc/hosts", $"127.0.0.1\tlocalhost\n{plan.Address}\t{plan.Name}\n", Readable);
        Put(plan, "/etc/hostname", plan.Name + "\n", Readable);
        Put(plan, "/etc/nsswitch.conf", NameServices, Readable);
        Put(plan, "/etc/shadow", shadow, Private);
        Put(plan, "/etc/ssh/sshd_lab_config", SshdConfig(plan), Readable);
        Put(plan, "/root/.ssh/authorized_keys", File.ReadAllText(keys.UserKeyFile + ".pub"), Private);
        VmStandIns.Write(plan);
    }

    /// <summary>Name resolution by files only: nothing a place asks for leaves this machine.</summary>
    public static string NameServices => "passwd: files\ngroup: files\nshadow: files\nhosts: files\n";

    public static void Put(PlacePlan plan, string path, string text, UnixFileMode mode)
    {
        string file = plan.SeedFolder + path;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, mode);
    }

    private static string SshdConfig(PlacePlan plan) => string.Create(CultureInfo.InvariantCulture, $"""
        ListenAddress {plan.Address}
        Port {VmHost.SshPort}
        HostKey /etc/ssh/lab_host_key
        AuthorizedKeysFile .ssh/authorized_keys
        PermitRootLogin yes
        PasswordAuthentication yes
        KbdInteractiveAuthentication no
        UsePAM no
        StrictModes no
        UseDNS no
        MaxStartups 500
        MaxSessions 200
        MaxAuthTries 20
        LoginGraceTime 30
        PrintMotd no
        PrintLastLog no
        PidFile none
        Subsystem sftp internal-sftp
        {SshdVersion.ExtraOptions.Value}

        """);
}
