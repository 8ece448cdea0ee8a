using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>The sidecar's service on a VM: what it starts with, what it refuses, what it leaves.</summary>
public sealed class SidecarTests(SidecarLab fixture) : IClassFixture<SidecarLab>, IAsyncLifetime
{
    private const string Token = "/var/run/secrets/tokens/istio-token";

    public Task InitializeAsync() => fixture.DeliverAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Start_EverythingInPlace_IsReadyAndCaptures()
    {
        await fixture.StartAsync();

        Assert.Equal("active", (await fixture.RunAsync("systemctl is-active istio")).Text);
        string rules = (await fixture.RunAsync("iptables-save")).Text;
        Assert.Contains("-A PREROUTING -p tcp -j ISTIO_INBOUND", rules, StringComparison.Ordinal);
        Assert.Contains("-A ISTIO_INBOUND -p tcp -m tcp --dport 22 -j RETURN", rules, StringComparison.Ordinal);
        Assert.Contains(
            "-A ISTIO_INBOUND -p tcp -m tcp --dport 8001 -j ISTIO_IN_REDIRECT", rules, StringComparison.Ordinal);

        _ = (await fixture.RunAsync("systemctl stop istio")).Text;
        Assert.Equal(0, await SidecarLab.HealthAsync(fixture.Vm));
        Assert.Equal(3, (await fixture.RunAsync("systemctl is-active istio")).ExitCode);
        Assert.Equal("", (await fixture.RunAsync("iptables-save; ls /run/hybridmesh/*")).Text
            .Replace("/run/hybridmesh/rules:", "", StringComparison.Ordinal)
            .Replace("/run/hybridmesh/units:", "", StringComparison.Ordinal).Trim());
    }

    [Theory]
    [InlineData("rm /var/lib/istio/envoy/cluster.env", "/var/lib/istio/envoy/cluster.env is missing")]
    [InlineData("echo nonsense >> /var/lib/istio/envoy/cluster.env", "line 4 is no NAME=VALUE: nonsense")]
    [InlineData("rm /etc/istio/config/mesh", "/etc/istio/config/mesh is missing")]
    [InlineData("echo '[a, b]' > /etc/istio/config/mesh", "/etc/istio/config/mesh is no YAML mapping")]
    [InlineData("echo 'a: [b' > /etc/istio/config/mesh", "/etc/istio/config/mesh is no YAML: ")]
    [InlineData("rm /etc/certs/root-cert.pem", "/etc/certs/root-cert.pem is missing")]
    [InlineData("echo x > /etc/certs/root-cert.pem", "/etc/certs/root-cert.pem holds no certificate")]
    [InlineData("rm " + Token, Token + " is missing")]
    [InlineData("echo x > " + Token, Token + " is no JWT")]
    [InlineData("chown root:root " + Token, Token + " can't be read by istio-proxy: permission denied")]
    [InlineData("chmod 700 /etc/certs && chown root /etc/certs", "root-cert.pem can't be read by istio-proxy")]
    [InlineData("sed -i /istiod/d /etc/hosts", "istiod.istio-system.svc does not resolve")]
    public async Task Start_SomethingWrong_IsRefusedInOneLine(string damage, string expected)
    {
        string said = await fixture.RefusalAsync(damage);

        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.Equal("1\n", (await fixture.RunAsync(
            "systemctl show istio -p ExecMainStatus --value; iptables-save")).Output);
    }

    [Fact]
    public async Task Start_TokenForAnotherAudience_IsRefused()
    {
        string other = await fixture.Istiod.TokenAsync("another");

        Assert.Contains(
            "is meant for 'another', not for istio-ca",
            await fixture.RefusalAsync($"printf '%s' '{other}' > {Token}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ExpiredToken_IsRefused()
    {
        await fixture.Lab.AdminAsync("faults/vm/vm1/token/expire");

        Assert.Contains($"{Token} expired at ", await fixture.RefusalAsync("true"), StringComparison.Ordinal);
        Assert.Equal("istio-proxy 600", (await fixture.RunAsync($"stat -c '%U %a' {Token}")).Text);
    }

    [Fact]
    public async Task Start_RootOfAnotherMesh_IsRefused()
    {
        using LabCertificates other = new();

        Assert.Contains(
            "is not who /etc/certs/root-cert.pem vouches for",
            await fixture.RefusalAsync($"printf '%s' '{other.CaPem}' > /etc/certs/root-cert.pem"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NothingAtIstiodsAddress_IsRefused()
    {
        // The ingress gateway's address: the lab's own, and nothing listens there on istiod's port.
        string said = await fixture.RefusalAsync("sed -i /istiod/d /etc/hosts; "
            + $"echo '{fixture.Lab.Facts.IngressAddress} istiod.istio-system.svc' >> /etc/hosts");

        Assert.Contains("can't be reached: Connection refused", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeverReady_AnswersUnavailableUntilItIsTakenBack()
    {
        await fixture.StartAsync();

        await fixture.Lab.AdminAsync("faults/vm/vm1/sidecar/never-ready");
        Assert.Equal(503, await SidecarLab.HealthAsync(fixture.Vm));

        await fixture.Lab.AdminAsync("faults/vm/vm1/sidecar/ready");
        Assert.Equal(200, await SidecarLab.HealthAsync(fixture.Vm));
    }

    [Fact]
    public async Task DirtyStop_LeavesChainsThatTheAgentRemoves()
    {
        await fixture.StartAsync();
        await fixture.Lab.AdminAsync("faults/vm/vm1/sidecar/dirty-stop");

        _ = (await fixture.RunAsync("systemctl stop istio")).Text;
        Assert.Contains("ISTIO_INBOUND", (await fixture.RunAsync("iptables-save")).Text, StringComparison.Ordinal);

        _ = (await fixture.RunAsync("pilot-agent istio-clean-iptables")).Text;
        Assert.Equal("", (await fixture.RunAsync("iptables-save")).Text);
        await fixture.Lab.AdminAsync("faults/vm/vm1/sidecar/clean-stop");
    }

    [Fact]
    public async Task Reboot_LosesTheTokenAndKeepsTheDisk()
    {
        await fixture.StartAsync();
        _ = (await fixture.RunAsync("systemctl enable istio; echo kept > /etc/kept; echo lost > /tmp/lost")).Text;

        await fixture.Lab.AdminAsync("faults/vm/vm1/reboot");

        Assert.Equal("kept", (await fixture.RunAsync("cat /etc/kept")).Text);
        Assert.NotEqual(0, (await fixture.RunAsync("ls /tmp/lost")).ExitCode);
        await LabFixture.WaitForAsync(
            async () => (await fixture.RunAsync("systemctl is-active istio")).Output.Trim() == "failed", seconds: 30);
        Assert.Contains(
            $"{Token} is missing", (await fixture.RunAsync("cat /var/log/istio/istio.err.log")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsTheAgentsAndThePackages()
    {
        Assert.Matches("^version.BuildInfo{Version:\"1[.]", (await fixture.RunAsync("pilot-agent version")).Text);
        Assert.Equal(
            (await fixture.RunAsync("pilot-agent version -s")).Text,
            (await fixture.RunAsync("dpkg-query -W -f '${Version}' istio-sidecar")).Text);
    }
}
