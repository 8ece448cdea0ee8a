using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HybridMesh.Lab;

/// <summary>The keys of the lab's VMs, made at start by OpenSSH's own tool.</summary>
internal sealed class SshKeys(string folder)
{
    public string UserKeyFile => Path.Combine(folder, "id_ed25519");

    public string KnownHostsFile => Path.Combine(folder, "known_hosts");

    /// <summary>root's password on every VM of this lab.</summary>
    public string Password { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    public async Task MakeUserKeyAsync(CancellationToken cancellationToken)
    {
        FolderTree.Create(folder);
        await GenerateAsync(UserKeyFile, "hybridmesh-lab", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a VM's host key inside its seed and gives its known_hosts line.</summary>
    public static async Task<string> MakeHostKeyAsync(PlacePlan plan, CancellationToken cancellationToken)
    {
        string file = Path.Combine(plan.SeedFolder, "etc/ssh/lab_host_key");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await GenerateAsync(file, plan.Name, cancellationToken).ConfigureAwait(false);
        string key = await File.ReadAllTextAsync(file + ".pub", cancellationToken).ConfigureAwait(false);
        string[] fields = key.Split(' ');
        return $"[{plan.Address}]:{VmHost.SshPort} {fields[0]} {fields[1]}";
    }

    /// <summary>The host's shadow file with this lab's password for root.</summary>
    public string Shadow()
    {
        string hash = Crypt(Password, "$6$" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) + "$");
        IEnumerable<string> lines = File.ReadLines("/etc/shadow").Select(line =>
            line.StartsWith("root:", StringComparison.Ordinal) ? $"root:{hash}:19700:0:99999:7:::" : line);
        return string.Join('\n', lines) + "\n";
    }

    private static async Task GenerateAsync(string file, string comment, CancellationToken cancellationToken)
    {
        File.Delete(file);
        File.Delete(file + ".pub");
        using Process process = Process.Start(
            new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file])
            {
                RedirectStandardError = true,
            })!;
        string error = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new LabException($"ssh-keygen could not write '{file}': {error.Trim()}");
        }
    }

    private static string Crypt(string text, string setting) =>
        Marshal.PtrToStringUTF8(NativeMethods.Crypt(text, setting))
        ?? throw new LabException("The C library's crypt does not know SHA-512.");

    private static class NativeMethods
    {
        [DllImport("libcrypt.so.1", EntryPoint = "crypt", CharSet = CharSet.Ansi, BestFitMapping = false,
            ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern IntPtr Crypt(string key, string setting);
    }
}
