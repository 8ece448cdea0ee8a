using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What the three cmdlets about apps share: VMs with containers in memory.</summary>
public abstract class VmAppCommandTests : IDisposable
{
    protected const string Vms =
        "$vms = @{ Name = 'vm1'; Address = '10.0.0.1'; Version = 'v1' }, @{ Name = 'vm2'; Address = '10.0.0.2'; Version = 'v2' } | % { [pscustomobject]$_ };";

    private protected VmAppCommandTests() => Mesh.Vms.OnRun = Files.RunAsync;

    private protected FakeMesh Mesh { get; } = new();

    private protected FakeVmFiles Files { get; } = new();

    public void Dispose()
    {
        Mesh.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected TimeSpan StopWhileHanging(string command)
    {
        Mesh.Vms.OnRun = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("unreachable");
        };
        using RunningScript running = Mesh.Host.Start($"{Vms} $vms | {command}");
        running.WaitUntil(() => Mesh.Vms.Commands.Count == 2, "both VMs are asked");
        return running.Stop();
    }
}
