using HybridMesh.Core;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What the three cmdlets about host records share: VMs with hosts files in memory, and a Service.</summary>
public abstract class VmHostRecordCommandTests : IDisposable
{
    protected const string Svc = "hello3-svc.hello.svc.cluster.local";
    protected const string TwoVms = "$vms = @{ Name = 'vm1'; Address = '10.0.0.1' }, @{ Name = 'vm2'; Address = '10.0.0.2' };";

    private protected VmHostRecordCommandTests()
    {
        Mesh.Vms.OnRun = Files.RunAsync;
        Mesh.DataPlane.Seed(KubernetesKind.Service, """
            { "metadata": { "name": "hello3-svc", "namespace": "hello" }, "spec": { "clusterIP": "172.19.0.3" } }
            """);
        Mesh.DataPlane.Seed(KubernetesKind.Service, """
            { "metadata": { "name": "headless", "namespace": "hello" }, "spec": { "clusterIP": "None" } }
            """);
    }

    private protected FakeMesh Mesh { get; } = new();

    private protected FakeVmFiles Files { get; } = new();

    public void Dispose()
    {
        Mesh.Dispose();
        GC.SuppressFinalize(this);
    }
}
