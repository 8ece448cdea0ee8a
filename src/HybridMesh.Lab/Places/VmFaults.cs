using System.Diagnostics;

namespace HybridMesh.Lab;

/// <summary>Faults of VMs: the machine powered off, or one app of it stopped.</summary>
internal sealed class VmFaults(VmHost vms)
{
    /// <summary>
    /// <c>stop</c> and <c>start</c> mean the machine; <c>app/NAME/stop</c> and <c>app/NAME/start</c> an app on it;
    /// <c>app/stop</c> every app.
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
            case ["app", "stop" or "start"]:
                await RunAsync(vm, ["bash", "-c", $"docker ps -aq | xargs -r docker {fault[1]}"], cancellationToken)
                    .ConfigureAwait(false);
                return $"every app of {vm.Name}: {fault[1]}";
            case ["app", var app, "stop" or "start"]:
                await RunAsync(vm, ["docker", fault[2], app], cancellationToken).ConfigureAwait(false);
                return $"{app} of {vm.Name}: {fault[2]}";
            default:
                throw new KeyNotFoundException(
                    $"There is no fault '{string.Join('/', fault)}' of a VM; there are stop, start, app/NAME/stop, "
                    + "app/NAME/start, app/stop and app/start.");
        }
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
