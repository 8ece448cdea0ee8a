using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>
/// Three VMs of the fake scenario, in <c>$vms</c>, each with a WorkloadEntry, a host record and an app.
/// </summary>
public abstract class OnboardedVmTests : IDisposable
{
    private const string Vms = """
        $vms = 1..3 | ForEach-Object { @{ Name = "vm$_"; Address = "192.168.0.$(169 + $_)" } };
        """;
    private protected const string Remove = "Remove-MeshVm -DrainSec 0 -Confirm:$false";

    protected OnboardedVmTests()
    {
        Mesh.Vms.OnRun = Files.RunAsync;
        FakeScenario.Seed(Mesh.DataPlane, Mesh.ControlPlane);
        Mesh.Host.Expect(Vms + "$vms | Add-VmHostRecord hello3-svc; $vms | Start-VmApp hello2 -Image demo/hello:1");
    }

    private protected FakeMesh Mesh { get; } = new();

    private protected FakeVmFiles Files { get; } = new();

    public void Dispose()
    {
        Mesh.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void SeedEntry(string name, string address, string labels, string network = "") =>
        Mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, $$$"""
            { "metadata": { "name": "{{{name}}}", "namespace": "hello" },
              "spec": { "address": "{{{address}}}", "network": "{{{network}}}", "labels": {{{labels}}} } }
            """);

    private protected List<JsonObject> Entries() =>
        [.. Mesh.ControlPlane.ListAsync(KubernetesKind.WorkloadEntry, "hello", null, default).ToBlockingEnumerable()];

    private protected string Objects() => string.Join('\n',
        new[]
        {
            KubernetesKind.WorkloadEntry, KubernetesKind.ServiceEntry, KubernetesKind.Service,
            KubernetesKind.VirtualService,
        }.SelectMany(kind => new[] { Mesh.DataPlane, Mesh.ControlPlane }.SelectMany(
            api => api.ListAsync(kind, null, null, default).ToBlockingEnumerable()
                .Select(item => item.ToJsonString()))));

    private protected string Everything() => Objects() + string.Join('\n', Files.Hosts.OrderBy(pair => pair.Key))
        + string.Join('\n', Files.Containers.Keys.Order());
}
