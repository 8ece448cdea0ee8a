using System.Diagnostics;

namespace HybridMesh.Lab;

/// <summary>Faults of VMs: of the machine, of an app on it, of its sidecar.</summary>
internal sealed class VmFaults(VmHost vms, TokenSigner signer)
{
    private const string DirtyStopFile = "/run/hybridmesh/dirty-stop";

    // /var/run leads to /run by an absolute link, which from outside the VM would be the host's.
    private const string TokenFile = "/run/secrets/tokens/istio-token";

    /// <summary>
    /// <c>stop</c>, <c>start</c> and <c>reboot</c> mean the machine; <c>app/NAME/stop</c> and <c>app/NAME/start</c> an
    /// app on it; <c>app/stop</c> every app. <c>sidecar/never-ready</c> and <c>sidecar/dirty-stop</c> last until their
    /// opposites <c>ready</c> and <c>clean-stop</c>, or a reboot; <c>token/expire</c> puts an old token in its place.
    /// </summary>
    public async Task<string> ApplyAsync(
        string vmName, IReadOnlyList<string> fault, CancellationToken cancellationToken)
    {
        Vm vm = vms.Find(vmName);
        switch (fault)
        {
            case ["stop"]:
                await vm.StopAsync(cancellationToken).ConfigureAwait(false);
                return $"{vm.Name} is off";
            case ["start"]:
                await vm.StartAsync(cancellationToken).ConfigureAwait(false);
                return $"{vm.Name} is on";
            case ["reboot"]:
                await vm.RebootAsync(cancellationToken).ConfigureAwait(false);
                return $"{vm.Name} has started again";
            case ["sidecar", "never-ready" or "ready"]:
                Set(vm, Sidecar.NeverReadyFile, fault[1] == "never-ready");
                return $"the sidecar of {vm.Name} is {fault[1].Replace('-', ' ')}";
            case ["sidecar", "dirty-stop" or "clean-stop"]:
                Set(vm, DirtyStopFile, fault[1] == "dirty-stop");
                return $"a stop of {vm.Name}'s sidecar {(fault[1] == "dirty-stop" ? "leaves" : "removes")} its rules";
            case ["token", "expire"]:
                return await ExpireAsync(vm, cancellationToken).ConfigureAwait(false);
            case ["app", "stop" or "start"]:
                await RunAsync(vm, ["bash", "-c", $"docker ps -aq | xargs -r docker {fault[1]}"], cancellationToken)
                    .ConfigureAwait(false);
                return $"every app of {vm.Name}: {fault[1]}";
            case ["app", var app, "stop" or "start"]:
                await RunAsync(vm, ["docker", fault[2], app], cancellationToken).ConfigureAwait(false);
                return $"{app} of {vm.Name}: {fault[2]}";
            default:
                throw new KeyNotFoundException(
                    $"There is no fault '{string.Join('/', fault)}' of a VM; there are stop, start, reboot, "
                    + "app/NAME/stop, app/NAME/start, app/stop, app/start, sidecar/never-ready, sidecar/ready, "
                    + "sidecar/dirty-stop, sidecar/clean-stop and token/expire.");
        }
    }

    private static void Set(Vm vm, string file, bool there)
    {
        if (there)
        {
            File.WriteAllText(vm.Place.HostPath(file), "");
        }
        else
        {
            File.Delete(vm.Place.HostPath(file));
        }
    }

    /// <summary>The VM's own token, as if it had been there for a day; owner and mode stay.</summary>
    private async Task<string> ExpireAsync(Vm vm, CancellationToken cancellationToken)
    {
        string file = vm.Place.HostPath(TokenFile);
        if (!File.Exists(file))
        {
            throw new KeyNotFoundException($"{vm.Name} has no /var{TokenFile}.");
        }

        string token = await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        string old = signer.Renew(token, DateTimeOffset.UtcNow.AddDays(-1), TimeSpan.FromHours(1));
        await File.WriteAllTextAsync(file, old, cancellationToken).ConfigureAwait(false);
        return $"the token of {vm.Name} ran out 23 hours ago";
    }

    private static async Task RunAsync(Vm vm, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = vm.Place.Enter(command);
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        string error = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await output.ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new LabException($"On {vm.Name}: {error.Trim()}");
        }
    }
}
