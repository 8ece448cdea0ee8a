namespace HybridMesh.Core;

/// <summary>Starts, lists and stops apps on a VM, as containers in its host network.</summary>
public static class VmApps
{
    /// <summary>Starts an app; the same image and environment is Unchanged, another replaces it.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="spec">What is to run.</param>
    /// <param name="guard">Asks before anything is changed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The app; null when the change was not approved.</returns>
    public static async Task<VmApp?> StartAsync(
        IRemoteShell shell, VmAppSpec spec, ChangeGuard guard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(guard);
        ContainerRuntime runtime = new(shell);
        Container? old = await FindOwnAsync(runtime, shell, spec.Name, cancellationToken).ConfigureAwait(false);
        if (old is { Running: true } && old.Fingerprint == spec.Fingerprint)
        {
            return old.ToApp(shell.Vm, ChangeAction.Unchanged);
        }

        string action = old is null ? $"Start image '{spec.Image}'"
            : old.Running ? $"Replace image '{old.Image}' by "
                + $"'{spec.Image}'{(old.Image == spec.Image ? " with another environment" : "")}"
            : $"Start image '{spec.Image}' again, which is {old.State}";
        if (!await guard.Approve(Target(spec.Name, shell), action).ConfigureAwait(false))
        {
            return null;
        }

        Container started = await runtime.StartAsync(spec, old is not null, cancellationToken).ConfigureAwait(false);
        return started.ToApp(shell.Vm, old is null ? ChangeAction.Created : ChangeAction.Updated);
    }

    /// <summary>The apps that were started by <see cref="StartAsync"/>.</summary>
    public static async Task<IReadOnlyList<VmApp>> GetAsync(IRemoteShell shell, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        IReadOnlyList<Container> containers = await new ContainerRuntime(shell)
            .ListAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. containers.OrderBy(item => item.Name, StringComparer.Ordinal)
                .Select(item => item.ToApp(shell.Vm, action: null)),
        ];
    }

    /// <summary>Stops an app and removes its container.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="name">The app's name.</param>
    /// <param name="guard">Asks before anything is changed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The app as it was; null when the change was not approved.</returns>
    public static async Task<VmApp?> StopAsync(
        IRemoteShell shell, string name, ChangeGuard guard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(guard);
        ContainerRuntime runtime = new(shell);
        Container? old = await FindOwnAsync(runtime, shell, VmAppSpec.CheckName(name), cancellationToken)
            .ConfigureAwait(false);
        if (old is null)
        {
            return new VmApp { Vm = shell.Vm, Name = name, State = VmApp.Absent, Action = ChangeAction.Unchanged };
        }

        if (!await guard.Approve(Target(name, shell), $"Stop image '{old.Image}' and remove its container")
            .ConfigureAwait(false))
        {
            return null;
        }

        await runtime.StopAsync(name, cancellationToken).ConfigureAwait(false);
        return old.ToApp(shell.Vm, ChangeAction.Removed) with { State = VmApp.Absent, ExitCode = null };
    }

    private static string Target(string name, IRemoteShell shell) => $"App '{name}' on VM {shell.Vm}";

    private static async Task<Container?> FindOwnAsync(
        ContainerRuntime runtime, IRemoteShell shell, string name, CancellationToken cancellationToken)
    {
        Container? found = await runtime.FindAsync(name, cancellationToken).ConfigureAwait(false);
        return found is { IsOwn: false }
            ? throw new MeshException(
                MeshErrorCode.Conflict,
                $"A container named '{name}' is on VM {shell.Vm} that was not started by Start-VmApp (image "
                + $"'{found.Image}', {found.State}). Choose another -Name, or remove it there: docker rm -f {name}.",
                shell.Vm)
            : found;
    }
}
