using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HybridMesh.Lab;

/// <summary>What the lab needs of the machine, checked before anything is made.</summary>
internal static class Requirements
{
    private static readonly (string Command, string Package)[] Commands =
    [
        ("unshare", "util-linux"), ("setpriv", "util-linux"), ("nsenter", "util-linux"), ("mount", "mount"),
        ("bash", "bash"), ("ssh", "openssh-client"), ("ssh-keygen", "openssh-client"), ("curl", "curl"),
    ];

    /// <summary>Throws with everything that is missing, one line each.</summary>
    public static void Check()
    {
        List<string> missing = [];
        if (!OperatingSystem.IsLinux())
        {
            missing.Add($"Linux (this is {RuntimeInformation.OSDescription})");
        }
        else
        {
            if (!Environment.IsPrivilegedProcess)
            {
                missing.Add("root: run it as root or with sudo");
            }

            missing.AddRange(Commands.Where(item => !OnPath(item.Command))
                .Select(item => $"the command '{item.Command}': apt-get install {item.Package}"));
            if (!File.Exists("/usr/sbin/sshd"))
            {
                missing.Add("OpenSSH's server, /usr/sbin/sshd: apt-get install openssh-server");
            }

            if (missing.Count == 0 && TryNamespace() is { } reason)
            {
                missing.Add(
                    $"mount namespaces with overlay file systems ({reason}); in a container it takes --privileged");
            }
        }

        if (missing.Count > 0)
        {
            throw new LabException(
                "The practice lab can't run here. Missing:\n"
                    + string.Join('\n', missing.Select(item => "  - " + item)),
                LabException.Unsupported);
        }
    }

    private static bool OnPath(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, command)));

    private static string? TryNamespace()
    {
        const string Trial = """
            set -e
            mount -t tmpfs trial /mnt
            mkdir /mnt/up /mnt/work /mnt/root
            mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work /mnt/root
            """;
        using Process process = Process.Start(
            new ProcessStartInfo(
                "unshare", ["--mount", "--uts", "--pid", "--fork", "--kill-child", "bash", "-c", Trial])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
        string error = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.ReplaceLineEndings("; ");
    }
}
