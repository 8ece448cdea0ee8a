using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>
/// The commands of a VM that are not the host's: docker, systemctl and the like are scripts of the lab, laid over every
/// place where the host has one.
/// </summary>
internal static partial class VmStandIns
{
    /// <summary>The agent's script on every VM, which containers use also where no package is installed.</summary>
    public const string AgentFile = "/usr/lib/hybridmesh-lab/pilot-agent";

    private static readonly string[] SearchPath =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/snap/bin"];

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["docker"] = "docker.sh",
        ["podman"] = "docker.sh",
        ["systemctl"] = "systemctl.sh",
        ["journalctl"] = "journalctl.sh",
    };

    /// <summary>Where each script goes; found once, since it asks the host's folders.</summary>
    private static readonly Lazy<IReadOnlyList<(string Path, string Script)>> Targets = new(() => [.. FindTargets()]);

    public static void Write(PlacePlan plan)
    {
        Dictionary<string, string> texts = [];
        foreach ((string path, string script) in Targets.Value)
        {
            if (!texts.TryGetValue(script, out string? text))
            {
                texts[script] = text = Text(plan, script);
            }

            VmSeed.Put(plan, path, text, VmSeed.Executable);
        }

        VmSeed.Put(plan, AgentFile, Text(plan, "pilot-agent.sh"), VmSeed.Executable);
    }

    /// <summary>A script with what it includes and what it must know of this VM.</summary>
    public static string Text(PlacePlan plan, string script)
    {
        string text = Include().Replace(
            File.ReadAllText(LabProgram.Script(script)),
            part => File.ReadAllText(LabProgram.Script(part.Groups[1].Value)));
        return text.Replace("@ADDRESS@", plan.Address.ToString(), StringComparison.Ordinal)
            .Replace("@DOTNET@", ShellText.Word(LabProgram.DotNet), StringComparison.Ordinal)
            .Replace("@PROGRAM@", ShellText.Word(LabProgram.Assembly), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, string Script)> FindTargets()
    {
        Dictionary<string, string> found = new()
        {
            ["/usr/local/bin/docker"] = "docker.sh",
            ["/usr/bin/systemctl"] = "systemctl.sh",
            ["/usr/bin/journalctl"] = "journalctl.sh",
        };
        foreach (string name in (string[])["iptables", "ip6tables"])
        {
            foreach (string command in (string[])[name, name + "-save", name + "-restore"])
            {
                found[$"/usr/sbin/{command}"] = "iptables.sh";
            }
        }

        foreach (string folder in SearchPath)
        {
            if (new DirectoryInfo(folder) is not { Exists: true, LinkTarget: null })
            {
                continue;
            }

            foreach (string file in Directory.EnumerateFiles(folder))
            {
                if (ScriptOf(Path.GetFileName(file)) is { } script)
                {
                    found[file] = script;
                }
            }
        }

        return found.Select(pair => (pair.Key, pair.Value));
    }

    private static string? ScriptOf(string command) =>
        // iptables-nft, xtables-legacy-multi and so on: whatever could change the host's rules.
        command is "nft" || command.StartsWith("iptables", StringComparison.Ordinal)
            || command.StartsWith("ip6tables", StringComparison.Ordinal)
            || command.StartsWith("xtables", StringComparison.Ordinal)
            ? "iptables.sh" : Scripts.GetValueOrDefault(command);

    [GeneratedRegex("^# @include (.+)\n", RegexOptions.Multiline)]
    private static partial Regex Include();
}
