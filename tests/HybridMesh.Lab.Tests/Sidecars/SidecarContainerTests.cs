using System.Text.Json;
using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>The sidecar as a container, with its files in a folder that is mounted.</summary>
public sealed class SidecarContainerTests(SidecarLab fixture) : IClassFixture<SidecarLab>, IAsyncLifetime
{
    private const string Run = "docker run -d --name istio-proxy --network host --cap-add NET_ADMIN "
        + "-v /root/meta:/opt/asm_vm_proxy/meta registry.example/acs/asm-vm-proxy:1.8.3-aliyun";

    public async Task InitializeAsync() => _ = (await OnAsync("bash -se", $"""
        docker rm -f istio-proxy 2> /dev/null || true
        rm -rf meta; mkdir meta
        printf '%s' '{await fixture.Istiod.RootCertAsync()}' > meta/root-cert.pem
        printf '%s' '{await fixture.Istiod.TokenAsync()}' > meta/istio-token
        printf '%s' '{SidecarLab.Mesh}' > meta/mesh.yaml
        echo "ISTIO_INBOUND_PORTS='8001'" > meta/cluster.env
        echo '{fixture.HostsLine}' > meta/hosts
        """)).Text;

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Run_EverythingInTheFolder_IsReadyUntilStopped()
    {
        _ = (await OnAsync(Run)).Text;
        await SidecarLab.WaitForHealthAsync(fixture.Bare, 200);

        Assert.Equal("istio-proxy", (await OnAsync("docker ps --format '{{.Names}}'")).Text);
        Assert.Contains("ISTIO_INBOUND", (await OnAsync("iptables-save")).Text, StringComparison.Ordinal);
        JsonElement told = JsonDocument.Parse((await OnAsync("docker inspect istio-proxy")).Text).RootElement[0];
        Assert.Equal("/root/meta", told.GetProperty("Mounts")[0].GetProperty("Source").GetString());
        Assert.Equal(
            "/root/meta:/opt/asm_vm_proxy/meta", told.GetProperty("HostConfig").GetProperty("Binds")[0].GetString());
        Assert.Equal("NET_ADMIN", told.GetProperty("HostConfig").GetProperty("CapAdd")[0].GetString());

        _ = (await OnAsync("docker stop istio-proxy")).Text;
        Assert.Equal(0, await SidecarLab.HealthAsync(fixture.Bare));
        Assert.Equal("", (await OnAsync("iptables-save")).Text);
        _ = (await OnAsync("docker rm istio-proxy")).Text;
    }

    [Fact]
    public async Task ExecAndRename_ActOnTheContainer()
    {
        _ = (await OnAsync(Run)).Text;
        await SidecarLab.WaitForHealthAsync(fixture.Bare, 200);

        Assert.Matches("^1[.]", (await OnAsync("docker exec istio-proxy pilot-agent version -s")).Text);
        _ = (await OnAsync("docker exec istio-proxy pilot-agent istio-clean-iptables")).Text;
        Assert.Equal("", (await OnAsync("iptables-save")).Text);

        _ = (await OnAsync("docker stop istio-proxy; docker rename istio-proxy former")).Text;
        Assert.Equal("former", (await OnAsync("docker ps -a --format '{{.Names}}'")).Text);
        ProcessResult exec = await OnAsync("docker exec former true");
        Assert.Equal(1, exec.ExitCode);
        Assert.Contains("is not running", exec.Error, StringComparison.Ordinal);
        _ = (await OnAsync("docker rm former")).Text;
    }

    [Fact]
    public async Task Reboot_StartsWhatWasNotStopped()
    {
        _ = (await OnAsync(Run.Replace("-d", "-d --restart unless-stopped", StringComparison.Ordinal))).Text;
        await SidecarLab.WaitForHealthAsync(fixture.Bare, 200);

        await fixture.Lab.AdminAsync("faults/vm/vm3/reboot");
        await SidecarLab.WaitForHealthAsync(fixture.Bare, 200);

        _ = (await OnAsync("docker stop istio-proxy")).Text;
        await fixture.Lab.AdminAsync("faults/vm/vm3/reboot");
        Assert.Equal("exited", (await OnAsync("docker inspect -f '{{.State.Status}}' istio-proxy")).Text);
    }

    [Theory]
    [InlineData("rm meta/mesh.yaml", "mesh.yaml is missing")]
    [InlineData("echo x > meta/istio-token", "istio-token is no JWT")]
    [InlineData("echo > meta/hosts", "istiod.istio-system.svc does not resolve")]
    public async Task Run_SomethingWrong_ExitsAndSaysWhy(string damage, string expected)
    {
        _ = (await OnAsync(damage)).Text;
        _ = (await OnAsync(Run)).Text;

        await LabFixture.WaitForAsync(async () =>
            (await OnAsync("docker inspect -f '{{.State.Status}}' istio-proxy")).Text == "exited", seconds: 30);
        Assert.Contains(expected, (await OnAsync("docker logs istio-proxy")).Text, StringComparison.Ordinal);
        Assert.Equal("", (await OnAsync("iptables-save")).Text);
    }

    [Fact]
    public async Task Run_WithoutTheCapability_ExitsAndSaysWhy()
    {
        _ = (await OnAsync(Run.Replace("--cap-add NET_ADMIN", "", StringComparison.Ordinal))).Text;

        await LabFixture.WaitForAsync(async () =>
            (await OnAsync("docker logs istio-proxy")).Text.Contains("NET_ADMIN", StringComparison.Ordinal));
    }

    private Task<ProcessResult> OnAsync(string command, string? input = null) =>
        LabFixture.RunOnVmAsync(fixture.Bare, command, input);
}
