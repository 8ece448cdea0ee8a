using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>The stand-in of systemctl, and packages that bring units of their own.</summary>
public sealed class SystemctlTests(SidecarLab fixture) : IClassFixture<SidecarLab>
{
    private const string Unit = """
        [Unit]
        Description=A test
        [Service]
        Environment=WHO=me "WHAT=two words"
        User=istio-proxy
        ExecStartPre=-/bin/false
        ExecStart=/bin/bash -c 'echo $$0 ${WHAT} as $(id -un); exec sleep 1000' ${WHO}
        ExecStopPost=+/bin/touch /tmp/stopped
        [Install]
        WantedBy=multi-user.target

        """;

    [Theory]
    [InlineData("is-active none", 4, "inactive")]
    [InlineData("start none", 5, "")]
    [InlineData("stop none", 5, "")]
    [InlineData("status none", 4, "")]
    [InlineData("is-active istio", 3, "inactive")]
    [InlineData("is-enabled istio", 1, "disabled")]
    [InlineData("enable none", 1, "")]
    [InlineData("show none -p LoadState --value", 0, "not-found")]
    public async Task Systemctl_NotRunning_AnswersWithItsOwnCodes(string arguments, int code, string output)
    {
        ProcessResult run = await fixture.RunAsync("systemctl " + arguments);

        Assert.Equal(code, run.ExitCode);
        Assert.Equal(output, run.Output.Trim());
    }

    [Fact]
    public async Task Unit_WithDropIn_RunsAsItSays()
    {
        LabVm vm = fixture.Lab.Vms[1];
        _ = (await LabFixture.RunOnVmAsync(vm, "cat > /etc/systemd/system/test.service", Unit)).Text;
        _ = (await LabFixture.RunOnVmAsync(vm, "systemctl daemon-reload; systemctl enable --now test")).Text;

        Assert.Equal("enabled", (await LabFixture.RunOnVmAsync(vm, "systemctl is-enabled test")).Text);
        await LabFixture.WaitForAsync(async () => (await LabFixture.RunOnVmAsync(
            vm, "journalctl -u test -n 10 --no-pager -o cat")).Text.Contains(
                "me two words as istio-proxy", StringComparison.Ordinal));

        _ = (await LabFixture.RunOnVmAsync(
            vm, "mkdir -p /etc/systemd/system/test.service.d; cat > /etc/systemd/system/test.service.d/a.conf",
            "[Service]\nExecStart=\nExecStart=/bin/false\n")).Text;
        Assert.Equal(
            "yes", (await LabFixture.RunOnVmAsync(vm, "systemctl show test -p NeedDaemonReload --value")).Text);
        _ = (await LabFixture.RunOnVmAsync(vm, "systemctl daemon-reload; systemctl restart test")).Text;
        await LabFixture.WaitForAsync(async () =>
            (await LabFixture.RunOnVmAsync(vm, "systemctl is-active test")).Output.Trim() == "failed");

        _ = (await LabFixture.RunOnVmAsync(vm, "ls /tmp/stopped; systemctl disable test")).Text;
        Assert.Equal(1, (await LabFixture.RunOnVmAsync(vm, "systemctl is-enabled test")).ExitCode);
    }

    [Fact]
    public async Task StartPre_Fails_StartFails()
    {
        LabVm vm = fixture.Lab.Vms[1];
        _ = (await LabFixture.RunOnVmAsync(vm, "cat > /etc/systemd/system/pre.service",
            "[Service]\nExecStartPre=/bin/false\nExecStart=/bin/sleep 1000\n")).Text;

        ProcessResult start = await LabFixture.RunOnVmAsync(vm, "systemctl start pre");

        Assert.Equal(1, start.ExitCode);
        Assert.Contains("Job for pre.service failed", start.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dpkg_PackageOnABareVm_BringsItsServiceAndStaysThere()
    {
        LabVm vm = fixture.Bare;
        Assert.NotEqual(0, (await LabFixture.RunOnVmAsync(vm, "command -v pilot-agent")).ExitCode);
        _ = (await LabFixture.RunOnVmAsync(vm, "bash -se", """
            mkdir -p p/DEBIAN p/lib/systemd/system p/usr/local/bin
            printf '%s\n' 'Package: istio-sidecar' 'Version: 9.9' 'Architecture: all' 'Maintainer: a test' \
                'Description: small' > p/DEBIAN/control
            printf '%s\n' '#!/bin/sh' 'getent passwd istio-proxy > /dev/null || useradd --system istio-proxy' \
                > p/DEBIAN/postinst
            printf '%s\n' '[Service]' 'User=istio-proxy' 'ExecStart=/usr/local/bin/pilot-agent proxy' \
                > p/lib/systemd/system/istio.service
            printf '%s\n' '#!/bin/sh' '[ "$1" = proxy ] && exec sleep 1000' 'echo 9.9' > p/usr/local/bin/pilot-agent
            chmod 755 p/DEBIAN/postinst p/usr/local/bin/pilot-agent
            dpkg-deb --build p p.deb
            dpkg -i p.deb
            systemctl start istio
            """)).Text;

        Assert.Equal("active", (await LabFixture.RunOnVmAsync(vm, "systemctl is-active istio")).Text);
        Assert.Equal("9.9", (await LabFixture.RunOnVmAsync(vm, "pilot-agent version")).Text);
        Assert.Equal("9.9", (await LabFixture.RunOnVmAsync(vm, "dpkg-query -W -f '${Version}' istio-sidecar")).Text);
        Assert.False(File.Exists("/usr/local/bin/pilot-agent"));
        Assert.False(File.Exists("/var/lib/dpkg/info/istio-sidecar.list"));
        Assert.DoesNotContain("istio-proxy", await File.ReadAllTextAsync("/etc/passwd"), StringComparison.Ordinal);
    }
}
