using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>A lab whose third VM has no package of Istio's, and the files a sidecar is bootstrapped with.</summary>
public sealed class SidecarLab : IAsyncLifetime
{
    public const string Environment =
        "ISTIO_INBOUND_PORTS='8001'\nISTIO_LOCAL_EXCLUDE_PORTS='22,15090,15021,15020'\nISTIO_META_NETWORK=''\n";

    public const string Mesh = "defaultConfig:\n  discoveryAddress: istiod.istio-system.svc:15012\n";

    public LabFixture Lab { get; private set; } = null!;

    public LabIstiod Istiod { get; private set; } = null!;

    public LabVm Vm => Lab.Vms[0];

    public LabVm Bare => Lab.Vms[2];

    public string HostsLine => $"{Lab.Facts.EastWestAddress} istiod.istio-system.svc";

    public async Task InitializeAsync()
    {
        Lab = await LabFixture.StartAsync(3, "--bare-vm", "vm3");
        Istiod = new LabIstiod(Lab);
    }

    public async Task DisposeAsync()
    {
        Istiod.Dispose();
        await Lab.DisposeAsync();
    }

    /// <summary>Puts everything a sidecar needs where Istio's package reads it, the service stopped.</summary>
    public async Task DeliverAsync()
    {
        _ = (await LabFixture.RunOnVmAsync(Vm, "bash -se", $"""
            systemctl stop istio; systemctl disable istio 2> /dev/null; systemctl reset-failed istio
            rm -rf /etc/systemd/system/istio.service.d
            mkdir -p /var/run/secrets/tokens /var/lib/istio/envoy /etc/istio/config /etc/certs
            printf '%s' '{await Istiod.RootCertAsync()}' > /etc/certs/root-cert.pem
            printf '%s' '{await Istiod.TokenAsync()}' > /var/run/secrets/tokens/istio-token
            cat > /var/lib/istio/envoy/cluster.env << 'end'
            {Environment}end
            cat > /etc/istio/config/mesh << 'end'
            {Mesh}end
            chmod 755 /etc/certs
            chown istio-proxy:istio-proxy /etc/certs
            chmod 644 /etc/certs/root-cert.pem /var/lib/istio/envoy/cluster.env /etc/istio/config/mesh
            chown istio-proxy:istio-proxy /var/run/secrets/tokens/istio-token
            chmod 600 /var/run/secrets/tokens/istio-token
            sed -i '/istiod/d' /etc/hosts; echo '{HostsLine}' >> /etc/hosts
            """)).Text;
    }

    public Task<ProcessResult> RunAsync(string command) => LabFixture.RunOnVmAsync(Vm, command);

    /// <summary>Starts the service and waits until its health endpoint says it is ready.</summary>
    public async Task StartAsync()
    {
        _ = (await RunAsync("systemctl start istio")).Text;
        await WaitForHealthAsync(Vm, 200);
    }

    public static async Task<int> HealthAsync(LabVm vm)
    {
        using HttpClient client = new();
        try
        {
            using HttpResponseMessage answer =
                await client.GetAsync(new Uri($"http://{vm.Address}:15021/healthz/ready"));
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public static Task WaitForHealthAsync(LabVm vm, int status) =>
        LabFixture.WaitForAsync(async () => await HealthAsync(vm) == status, seconds: 30);

    /// <summary>
    /// Does damage, starts the service, and gives what the sidecar said when it ended; the service has failed then.
    /// </summary>
    public async Task<string> RefusalAsync(string damage) => (await LabFixture.RunOnVmAsync(Vm, "bash -s", $"""
        {damage} || exit
        systemctl start istio
        for i in $(seq 300); do
            [ "$(systemctl is-active istio)" = failed ] && break
            sleep 0.1
        done
        systemctl is-failed -q istio || exit
        cat /var/log/istio/istio.err.log
        """)).Text;
}
