using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>
/// A lab whose VMs run an app, are registered and have a sidecar that is ready; and a runspace connected to it, with the
/// VMs in <c>$vms</c>.
/// </summary>
public sealed class DriftLab : IAsyncLifetime
{
    public const string Namespace = "drift";

    private const string Onboarding = """
        $ConfirmPreference = 'None'
        $null = $vms | Start-VmApp -Name hello2 -Image { "demo/http_springboot_$($_.Version):1.0.1" }
        $null = $vms | New-MeshVmApp -ServiceName hello2-svc -Port http:8001 -Label @{ app = 'hello-workload' }
        $configs = @($vms | New-VmSidecarConfig -ServiceName hello2-svc)
        """;

    public LabFixture Lab { get; private set; } = null!;

    public CmdletHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Lab = await LabFixture.StartAsync();
        Host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
        string manifest = Path.Combine(Lab.Path, "namespace.yaml");
        await File.WriteAllTextAsync(manifest, $"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {Namespace}\n");
        Host.Expect($"""
            Connect-Mesh -Kubeconfig '{Lab.Kubeconfig}' -MeshKubeconfig '{Lab.MeshKubeconfig}' -Namespace {Namespace}
            Publish-MeshManifest '{manifest}'
            $vms = Import-MeshVm '{Lab.Facts.VmPath}'
            """);
        using LabIstiod istiod = new(Lab);
        await LabFixture.WaitForAsync(async () => (await istiod.RootCertAsync(Namespace)).Length > 0);
        Host.Expect(Onboarding);
        await Task.WhenAll(Host.Expect("$configs").Select(item => DeliverAsync((VmSidecarConfig)item.BaseObject)));
    }

    public async Task DisposeAsync()
    {
        Host.Dispose();
        await Lab.DisposeAsync();
    }

    /// <summary>Runs a shell command on a VM, 1 to 3.</summary>
    public async Task<string> OnVmAsync(int vm, string command) =>
        (await LabFixture.RunOnVmAsync(Lab.Vms[vm - 1], command)).Text;

    // By OpenSSH's own client, so that reading is not tested by what wrote.
    private async Task DeliverAsync(VmSidecarConfig config)
    {
        LabVm vm = Lab.Vms.Single(item => item.Name == config.VmName);
        foreach ((string name, string place) in new[]
        {
            (SidecarFileNames.ClusterEnv, SidecarPlaces.ClusterEnv), (SidecarFileNames.MeshConfig, SidecarPlaces.MeshConfig),
            (SidecarFileNames.RootCert, SidecarPlaces.RootCert), (SidecarFileNames.Token, SidecarPlaces.Token),
        })
        {
            _ = (await LabFixture.RunOnVmAsync(
                vm, $"mkdir -p $(dirname {place}) && cat > {place} && chown istio-proxy:istio-proxy {place}",
                config.Find(name)!.GetText())).Text;
        }

        _ = (await LabFixture.RunOnVmAsync(vm, "cat >> /etc/hosts", config.Find(SidecarFileNames.Hosts)!.GetText())).Text;
        _ = (await LabFixture.RunOnVmAsync(vm, "chown istio-proxy:istio-proxy /etc/certs && systemctl start istio")).Text;
        using HttpClient http = new();
        await LabFixture.WaitForAsync(
            async () =>
            {
                using HttpResponseMessage answer = await http.GetAsync(
                    new Uri($"http://{vm.Address}:{SidecarPlaces.StatusPort}/healthz/ready"));
                return answer.IsSuccessStatusCode;
            }, seconds: 30);
    }
}
