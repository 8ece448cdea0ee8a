using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>A lab whose VMs the tests of a collection share.</summary>
public abstract class VmLab : IAsyncLifetime
{
    public LabFixture Lab { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Lab = await StartAsync();

    public virtual async Task DisposeAsync() => await Lab.DisposeAsync();

    /// <summary>A VM as the cmdlets see it.</summary>
    public MeshVm Vm(int index, string? user = null)
    {
        LabVm vm = Lab.Vms[index];
        return new MeshVm
        {
            Name = vm.Name,
            Address = vm.Address,
            SshHost = vm.SshHost,
            SshPort = vm.SshPort,
            User = user ?? vm.User,
            KeyFile = vm.KeyFile,
            KnownHostsFile = vm.KnownHostsFile,
            Version = vm.Version,
        };
    }

    /// <summary>A shell on a VM.</summary>
    public Task<IRemoteShell> ConnectAsync(int index, string? user = null) =>
        new SshConnector().ConnectAsync(Vm(index, user), new SshOptions(), CancellationToken.None);

    /// <summary>The output of a command of root on a VM, by OpenSSH's own client.</summary>
    public async Task<string> RunAsync(int index, string command, string? input = null) =>
        (await LabFixture.RunOnVmAsync(Lab.Vms[index], command, input)).Text;

    /// <summary>Starts the lab as the collection wants it.</summary>
    protected abstract Task<LabFixture> StartAsync();
}
