using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>
/// A lab with the scenario's pods, routes and VM-hosted app, whose WorkloadEntries carry no version yet; and a runspace
/// connected to it, with the VMs in <c>$vms</c>.
/// </summary>
public sealed class ScenarioLab : IAsyncLifetime
{
    public const string Domain = "http-reciprocal-hello.svc.cluster.local";

    public LabFixture Lab { get; private set; } = null!;

    public CmdletHost Host { get; private set; } = null!;

    public string Entry => $"http://{Lab.Facts.IngressAddress}:8004/hello/eric";

    public async Task InitializeAsync()
    {
        Lab = await LabFixture.StartAsync();
        await Task.WhenAll(Lab.Vms.Select(vm => Lab.StartAppAsync(vm)));
        Host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
        string example = Path.Combine(RepositoryFiles.Root, "examples", "http-reciprocal");
        Host.Expect($"""
            Connect-Mesh -Kubeconfig '{Lab.Kubeconfig}' -MeshKubeconfig '{Lab.MeshKubeconfig}' -Namespace http-reciprocal-hello
            Publish-MeshManifest '{example}/data-plane' -Wait
            $vms = Import-MeshVm '{Lab.Facts.VmPath}'
            New-MeshVmApp -ServiceName hello2-svc -Port http:8001 -Label @{"{"} app = 'hello-workload' {"}"} -Address ($vms | ForEach-Object Address)
            Publish-MeshManifest '{example}/control-plane'
            """);
    }

    public async Task DisposeAsync()
    {
        Host.Dispose();
        await Lab.DisposeAsync();
    }
}
