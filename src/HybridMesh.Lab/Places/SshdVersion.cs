using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>What the installed OpenSSH needs to be told.</summary>
internal static partial class SshdVersion
{
    /// <summary>
    /// From 9.8 on sshd locks out a source address after failed logins; all the lab's clients share one address, so a
    /// test of a wrong key would lock out the next test.
    /// </summary>
    public static Lazy<string> ExtraOptions { get; } =
        new(() => Installed() >= new Version(9, 8) ? "PerSourcePenalties no" : "");

    private static Version Installed()
    {
        using Process process = Process.Start(new ProcessStartInfo("ssh", "-V") { RedirectStandardError = true })!;
        string text = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Match match = Number().Match(text);
        return match.Success
            ? new Version(
                int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
                int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            : new Version(0, 0);
    }

    [GeneratedRegex(@"OpenSSH_(\d+)\.(\d+)")]
    private static partial Regex Number();
}
