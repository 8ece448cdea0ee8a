using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>
/// A lab with an empty namespace on both planes; and a runspace connected to it, with the VMs in <c>$vms</c>.
/// </summary>
public sealed class OffboardingLab : IAsyncLifetime
{
    private const string Onboarding = """
        $null = $vms | Start-VmApp -Name hello2 -Image { "demo/http_springboot_$($_.Version):1.0.1" }
        $null = $vms | New-MeshVmApp -ServiceName hello2-svc -Port http:8001 -Label @{ app = 'hello-workload' }
        $null = $vms | Add-VmHostRecord -HostName hello3-svc.offboarding.svc.cluster.local -IPAddress 127.0.0.9
        $vms | New-VmSidecarConfig -ServiceName hello2-svc | Install-VmSidecar
        """;

    public LabFixture Lab { get; private set; } = null!;

    public CmdletHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Lab = await LabFixture.StartAsync();
        Host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
        string manifest = Path.Combine(Lab.Path, "namespace.yaml");
        await File.WriteAllTextAsync(manifest, "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: offboarding\n");
        Host.Expect($"""
            Connect-Mesh -Kubeconfig '{Lab.Kubeconfig}' -MeshKubeconfig '{Lab.MeshKubeconfig}' -Namespace offboarding
            Publish-MeshManifest '{manifest}'
            $vms = Import-MeshVm '{Lab.Facts.VmPath}'
            """);
    }

    public async Task DisposeAsync()
    {
        Host.Dispose();
        await Lab.DisposeAsync();
    }

    /// <summary>Puts everything there that this module knows to put on VMs and about them.</summary>
    public void Onboard() => Assert.All(Host.Expect(Onboarding), item =>
        Assert.Equal(SidecarState.Ready, ((VmSidecar)item.BaseObject).State));

    /// <summary>The disks of all VMs.</summary>
    public async Task<IReadOnlyList<IReadOnlySet<string>>> DisksAsync() =>
        await Task.WhenAll(Lab.Vms.Select(VmFileTree.ReadAsync));

    /// <summary>Every object of both planes, without what the servers count and stamp.</summary>
    public async Task<string> ObjectsAsync()
    {
        MeshSession session = MeshRuntime.For(Host.Runspace).Current!;
        List<string> lines = [];
        foreach (IKubernetesApi api in new[] { session.DataPlane, session.ControlPlane })
        {
            IEnumerable<KubernetesKind> kinds = (await api.DiscoverAsync(default))
                .DistinctBy(kind => (kind.Group, kind.Kind));
            foreach (KubernetesKind kind in kinds)
            {
                await foreach (JsonObject item in api.ListAsync(kind, null, null, default))
                {
                    lines.Add($"{api.Server.Port} {kind.Kind} {Stable(item).ToJsonString()}");
                }
            }
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static JsonObject Stable(JsonObject item)
    {
        foreach (string field in new[] { "resourceVersion", "managedFields", "generation" })
        {
            item["metadata"]!.AsObject().Remove(field);
        }

        return item;
    }
}
