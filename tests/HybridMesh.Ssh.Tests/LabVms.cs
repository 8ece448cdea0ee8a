using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>Three VMs of a lab, shared by the tests that name the collection <see cref="Name"/>.</summary>
[CollectionDefinition(Name)]
public sealed class LabVms : IAsyncLifetime, ICollectionFixture<LabVms>
{
    public const string Name = "Lab VMs";

    public LabFixture Lab { get; private set; } = null!;

    public async Task InitializeAsync() => Lab = await LabFixture.StartAsync();

    public async Task DisposeAsync() => await Lab.DisposeAsync();

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

    /// <summary>Makes a user whom root's key lets in.</summary>
    public Task AddUserAsync(int index, string user) => RunAsync(
        index,
        $"id {user} > /dev/null 2>&1 || {{ useradd -m -s /bin/sh -p '*' {user}; mkdir ~{user}/.ssh; cp ~root/.ssh/authorized_keys ~{user}/.ssh/; "
        + $"chown -R {user} ~{user}/.ssh; }}");
}
