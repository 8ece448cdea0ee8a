using System.Diagnostics;
using System.Text;

namespace HybridMesh.Lab;

/// <summary>Reads files as the user a sidecar runs as: what root can read proves nothing.</summary>
internal static class SidecarReader
{
    public static async Task<string> ReadAsync(string path, string? user)
    {
        if (user is null)
        {
            return File.Exists(path)
                ? await File.ReadAllTextAsync(path).ConfigureAwait(false)
                : throw new LabException($"{path} is missing");
        }

        ProcessStartInfo start = new(
            "setpriv", ["--reuid", user, "--regid", user, "--init-groups", "cat", path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string text = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode == 0)
        {
            return text;
        }

        string reason = (await error.ConfigureAwait(false)).Trim();
        throw new LabException(
            !File.Exists(path) ? $"{path} is missing"
            : reason.EndsWith("Permission denied", StringComparison.Ordinal)
                ? $"{path} can't be read by {user}: permission denied" : $"{path} can't be read by {user}: {reason}");
    }
}
