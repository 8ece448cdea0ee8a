using System.Text;

namespace HybridMesh.Core;

/// <summary>docker, or podman where there is no docker, on one VM.</summary>
internal sealed class ContainerRuntime(IRemoteShell shell)
{
    /// <summary>The container of a name; null when there is none.</summary>
    public async Task<Container?> FindAsync(string name, CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync(Variable("name", name) + ContainerScripts.Inspect, cancellationToken)
            .ConfigureAwait(false);
        return result.ExitCode != 0 ? throw Failed($"App '{name}' can't be looked for on VM {shell.Vm}", result)
            : Container.ReadAll(result.Output, shell.Vm) is [Container found, ..] ? found
            : null;
    }

    /// <summary>All containers of ours.</summary>
    public async Task<IReadOnlyList<Container>> ListAsync(CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync(ContainerScripts.List, cancellationToken).ConfigureAwait(false);
        // One that went away between listing and inspecting makes the exit code 1; the rest is there.
        return result.Output.Length > 0
            ? Container.ReadAll(result.Output, shell.Vm)
            : throw Failed($"The apps on VM {shell.Vm} can't be listed", result);
    }

    /// <summary>Starts an app, in place of an old one of ours when there is one.</summary>
    /// <exception cref="MeshException">ContainerFailed, with what the runtime said or the app logged.</exception>
    public async Task<Container> StartAsync(VmAppSpec spec, bool replace, CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync(StartScript(spec, replace), cancellationToken).ConfigureAwait(false);
        string what = $"App '{spec.Name}' of image '{spec.Image}' did not start on VM {shell.Vm}";
        if (result.ExitCode != 0 && !result.Output.Contains(ContainerScripts.LogMarker, StringComparison.Ordinal))
        {
            throw Failed(what, result);
        }

        string[] parts = result.Output.Split(ContainerScripts.LogMarker, 2);
        return Container.ReadAll(parts[0], shell.Vm) is not [Container container, ..] ? throw Failed(what, result)
            : container.Running
            ? container
            : throw new MeshException(
                MeshErrorCode.ContainerFailed,
                $"App '{spec.Name}' of image '{spec.Image}' ended with exit code {container.ExitCode} right after "
                + $"its start on VM {shell.Vm}. {LastWords(parts.Length > 1 ? parts[1] : "")}",
                shell.Vm);
    }

    /// <summary>Stops and removes a container.</summary>
    public async Task StopAsync(string name, CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync(Variable("name", name) + ContainerScripts.Stop, cancellationToken)
            .ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw Failed($"App '{name}' can't be stopped on VM {shell.Vm}", result);
        }
    }

    internal static string StartScript(VmAppSpec spec, bool replace)
    {
        StringBuilder start = new("start() { run run -d --network host");
        Add("--name", spec.Name);
        Add("--label", $"{Container.AppLabel}={spec.Name}");
        Add("--label", $"{Container.SpecLabel}={spec.Fingerprint}");
        Add("--label", $"{Container.VariablesLabel}={string.Join(',', spec.Environment.Keys)}");
        foreach ((string name, string value) in spec.Environment)
        {
            Add("-e", $"{name}={value}");
        }

        start.Append(' ').Append(ShellWord.Quote(spec.Image)).Append("; }\n");
        return start + Variable("name", spec.Name) + Variable("image", spec.Image)
            + Variable("old", replace ? "1" : "0") + ContainerScripts.Start;

        void Add(string option, string value) =>
            start.Append(' ').Append(option).Append(' ').Append(ShellWord.Quote(value));
    }

    private async Task<CommandResult> RunAsync(string script, CancellationToken cancellationToken)
    {
        // By standard input: an environment may be longer than an argument can.
        CommandResult result = await shell.RunAsync("exec sh -s", script, cancellationToken).ConfigureAwait(false);
        string[] parts = result.Output.Split('\n', 2);
        string[] words = parts[0].Split(' ');
        if (words[0] != ContainerScripts.Runtime || words.Length != 2)
        {
            throw RootShell.Failed(shell, $"The container runtime on VM {shell.Vm} can't be asked", result);
        }

        return words[1] switch
        {
            "none" => throw new MeshException(
                MeshErrorCode.ContainerRuntimeMissing,
                $"Neither docker nor podman is on the PATH of '{shell.UserName}' on VM {shell.Vm}; install one of "
                    + "them.",
                shell.Vm),
            "nosudo" => throw RootShell.SudoRequired(shell, result.ErrorOutput),
            _ => result with { Output = parts.Length > 1 ? parts[1] : "" },
        };
    }

    private MeshException Failed(string what, CommandResult result) =>
        new(MeshErrorCode.ContainerFailed, $"{what}: {LastWords(result.ErrorOutput)}", shell.Vm);

    private static string LastWords(string text)
    {
        string[] lines = [.. text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("See 'docker", StringComparison.Ordinal))
            .TakeLast(15)];
        return lines.Length == 0 ? "It said nothing." : string.Join('\n', lines);
    }

    private static string Variable(string name, string value) => $"{name}={ShellWord.Quote(value)}\n";
}
