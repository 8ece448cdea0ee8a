using System.Globalization;

namespace HybridMesh.Core;

/// <summary>What the installation said on the VM.</summary>
internal sealed class SidecarAnswer
{
    private readonly List<string> _reason = [];
    private readonly List<string> _kept = [];
    private CommandResult _result = new(0, "", "");

    /// <summary>The version of the package that is there now.</summary>
    public string? Version { get; private set; }

    /// <summary>Whether rules that capture traffic are still there.</summary>
    public bool LeavesRules { get; private set; }

    /// <summary>Whether nothing was done because /etc/hosts is no longer what the plan was made of.</summary>
    public bool HostsFileChanged => Failed == "changed";

    /// <summary>Whether a sidecar that was started again said it is ready.</summary>
    public bool Ready { get; private set; }

    private string? Failed { get; set; }

    private string? LockedBy { get; set; }

    private string State { get; set; } = "";

    private bool Done { get; set; }

    private bool Undone { get; set; }

    public static SidecarAnswer Parse(CommandResult result)
    {
        SidecarAnswer answer = new() { _result = result };
        foreach (string line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', 2);
            string rest = words.Length > 1 ? words[1] : "";
            switch (words[0])
            {
                case "failed":
                    answer.Failed = rest;
                    break;
                case "reason":
                    answer._reason.Add(rest);
                    break;
                case "state":
                    answer.State = rest;
                    break;
                case "locked":
                    answer.LockedBy = rest;
                    break;
                case "version":
                    answer.Version = rest;
                    break;
                case "kept":
                    answer._kept.Add(rest);
                    break;
                case "ready":
                    answer.Ready = true;
                    break;
                case "rules":
                    answer.LeavesRules = true;
                    break;
                case "done" or "absent":
                    answer.Done = true;
                    break;
                case "undone":
                    answer.Undone = true;
                    break;
            }
        }

        return answer;
    }

    /// <summary>Throws what it failed with.</summary>
    public void Check(IRemoteShell shell, SidecarPlan plan)
    {
        if (!Done)
        {
            throw Failure(shell, plan);
        }
    }

    /// <summary>Throws what a removal failed with.</summary>
    public void CheckRemoval(IRemoteShell shell)
    {
        if (!Done)
        {
            MeshVm vm = shell.Vm;
            throw LockedBy is not null ? Locked(vm)
                : Failed is null ? RootShell.Failed(shell, $"The sidecar can't be removed from VM {vm}", _result)
                : new MeshException(
                    MeshErrorCode.RemoteCommandFailed,
                    $"The sidecar can't be {(Failed == "write" ? "removed from" : "stopped on")} VM {vm}; run again "
                    + $"when the cause is gone. {Text(string.Join('\n', _reason))}",
                    vm);
        }
    }

    /// <summary>Throws what a renewal failed with.</summary>
    public void CheckRenewal(IRemoteShell shell)
    {
        if (!Done)
        {
            throw LockedBy is not null ? Locked(shell.Vm)
                : Failed is null ? RootShell.Failed(shell, $"The token of VM {shell.Vm} can't be renewed", _result)
                : new MeshException(
                    MeshErrorCode.RemoteCommandFailed,
                    $"The token of VM {shell.Vm} can't be written. {Text(string.Join('\n', _reason))}",
                    shell.Vm);
        }
    }

    private MeshException Locked(MeshVm vm) => new(
        MeshErrorCode.Conflict,
        $"Another installation or removal of the sidecar is under way on VM {vm} (lock '{LockedBy}'). Run again when "
        + "it is done.",
        vm);

    private MeshException Failure(IRemoteShell shell, SidecarPlan plan)
    {
        MeshVm vm = shell.Vm;
        string said = string.Join('\n', _reason.Where(line => line.Trim().Length > 0));
        string back = Undone ? " What was there before is back." : "";
        if (_kept.Count > 0)
        {
            back += $" Only {string.Join(", ", _kept)} could not be put back; see {SidecarPlaces.OwnFolder}/previous.";
        }

        return Failed switch
        {
            null when LockedBy is not null => Locked(vm),
            "ready" => new(MeshErrorCode.SidecarNotReady, NotReady(vm, plan, back, said), vm),
            "package" => new(
                MeshErrorCode.SidecarPackageFailed,
                $"The package {plan.Package} can't be installed on VM {vm}.{back} {Text(said)}", vm),
            "user" => NoPackage(vm, back),
            "client" => new(
                MeshErrorCode.NoHttpClient,
                $"VM {vm} has neither curl nor wget to fetch {plan.Package} with; give a file instead of a URL.", vm),
            "runtime" => new(
                MeshErrorCode.ContainerRuntimeMissing,
                $"Neither docker nor podman is on root's PATH on VM {vm}; install one of them.{back}", vm),
            "container" => new(
                MeshErrorCode.ContainerFailed,
                $"Image '{plan.Request.Image}' can't be started on VM {vm}.{back} {Text(said)}", vm),
            "changed" => new(
                MeshErrorCode.HostsFileLocked,
                $"/etc/hosts on VM {vm} was changed by others again and again; run again when they are done.{back}",
                vm),
            "hosts" => new(
                MeshErrorCode.RemoteCommandFailed, $"/etc/hosts on VM {vm} can't be changed.{back} {Text(said)}", vm),
            "stopped" => new(
                MeshErrorCode.RemoteCommandFailed, $"The installation on VM {vm} was ended by a signal.{back}", vm),
            "write" => new(
                MeshErrorCode.RemoteCommandFailed,
                $"The sidecar's files can't be written on VM {vm}.{back} {Text(said)}", vm),
            _ => RootShell.Failed(shell, $"The sidecar can't be installed on VM {vm}", _result),
        };
    }

    /// <summary>The error of a VM that lacks what Istio's package brings.</summary>
    public static MeshException NoPackage(MeshVm vm, string back = "") => new(
        MeshErrorCode.SidecarMissing,
        $"VM {vm} has no {SidecarPlaces.Package} package (user '{SidecarPlaces.User}' and service "
        + $"'{SidecarPlaces.Service}').{back} Give -Package with a .deb or .rpm file or a URL of one, or use -Method "
        + "Container.",
        vm);

    private string NotReady(MeshVm vm, SidecarPlan plan, string back, string said)
    {
        string what = plan.Request.Method == SidecarMethod.Package
            ? $"service '{SidecarPlaces.Service}'" : $"container '{SidecarPlaces.Container}'";
        string state = State is { Length: > 0 } and not "active" and not "running"
            ? $"its {what} is '{State}'"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"its {what} runs, and the agent did not say it is ready at "
                + $"http://{plan.Address}:{SidecarPlaces.StatusPort}/healthz/ready within "
                + $"{plan.Request.Wait.TotalSeconds:0.#} s");
        return $"The sidecar of VM {vm} did not come up: {state}.{back} "
            + (said.Length > 0 ? $"Its log ends:\n{said}" : "It logged nothing.");
    }

    private static string Text(string said) => said.Length > 0 ? said : "It said nothing.";
}
