using System.Globalization;
using System.Net;

namespace HybridMesh.Lab;

/// <summary>A running VM.</summary>
internal sealed record Vm(string Name, IPAddress Address, string Version, Place Place)
{
    public IPEndPoint Ssh => new(Address, VmHost.SshPort);

    /// <summary>Powers the VM off: every process on it ends at once, its disk stays.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Place.OrderAsync("stop", "stopped", cancellationToken);

    /// <summary>Boots the VM again.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await Waiting.AnswersAsync(Ssh, cancellationToken).ConfigureAwait(false))
        {
            await Place.OrderAsync("start", "started", cancellationToken).ConfigureAwait(false);
        }

        await WaitForSshAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Switches the VM off and on: its disk stays, what lay in /run and /tmp is gone.</summary>
    public async Task RebootAsync(CancellationToken cancellationToken)
    {
        await Place.OrderAsync("reboot", "started", cancellationToken).ConfigureAwait(false);
        await WaitForSshAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task WaitForSshAsync(CancellationToken cancellationToken)
    {
        if (!await Waiting.ForListenerAsync(Ssh, () => Place.Running, TimeSpan.FromSeconds(20), cancellationToken)
            .ConfigureAwait(false))
        {
            string log = Place.HostPath("/var/log/sshd.log");
            string text = File.Exists(log)
                ? await File.ReadAllTextAsync(log, cancellationToken).ConfigureAwait(false) : "It wrote no log.";
            throw new LabException(string.Create(
                CultureInfo.InvariantCulture, $"sshd of {Name} does not listen on {Ssh}. {text.Trim()}"));
        }
    }
}
