using System.Diagnostics;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>Sidecars delivered to real VMs, whose stand-in of Istio's agent reads and judges every file.</summary>
[Collection(SidecarVms.Name)]
public sealed class SidecarInstallerTests(SidecarVms vms) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => vms.CleanAsync(0);

    [Fact]
    public async Task InstallAsync_FreshVm_IsReadyWithOwnersAndModes()
    {
        VmSidecarConfig config = await vms.ConfigAsync(0);

        VmSidecar? sidecar = await vms.InstallAsync(0, config);

        Assert.NotNull(sidecar);
        Assert.Equal((SidecarState.Ready, ChangeAction.Created, SidecarMethod.Package), (sidecar.State, sidecar.Action, sidecar.Method));
        Assert.Equal(("default", "default", "hello2"), (sidecar.Namespace, sidecar.ServiceAccount, sidecar.WorkloadName));
        Assert.Equal("active\nenabled", await vms.RunAsync(0, "systemctl is-active istio; systemctl is-enabled istio"));
        Assert.Equal(
            """
            644 istio-proxy:istio-proxy /var/lib/istio/envoy/cluster.env
            644 istio-proxy:istio-proxy /etc/istio/config/mesh
            644 istio-proxy:istio-proxy /etc/certs/root-cert.pem
            600 istio-proxy:istio-proxy /var/run/secrets/tokens/istio-token
            600 root:root /var/lib/istio/hybridmesh/istio-token
            644 root:root /etc/systemd/system/istio.service.d/hybridmesh.conf
            700 root:root /var/lib/istio/hybridmesh
            755 istio-proxy:istio-proxy /var/run/secrets/tokens
            """,
            await vms.RunAsync(0, $"stat -c '%a %U:%G %n' {SidecarPlaces.ClusterEnv} {SidecarPlaces.MeshConfig} {SidecarPlaces.RootCert} "
                + $"{SidecarPlaces.Token} {SidecarPlaces.KeptToken} {SidecarPlaces.DropIn} {SidecarPlaces.OwnFolder} /var/run/secrets/tokens"));
        Assert.Equal(config.Find(SidecarFileNames.Token)!.GetText(), await vms.RunAsync(0, $"cat {SidecarPlaces.Token}"));
        Assert.Equal("", await vms.RunAsync(0, "ls -d /tmp/hybridmesh-* 2> /dev/null || true"));
    }

    [Fact]
    public async Task RemoveAsync_AfterInstalls_LeavesNoTrace()
    {
        string before = await vms.TreeAsync(0);
        await vms.InstallAsync(0, await vms.ConfigAsync(0));
        await vms.InstallAsync(0, await vms.ConfigAsync(0, (SidecarFileNames.MeshConfig, "defaultConfig: {}\n")));
        await using IRemoteShell shell = await vms.ConnectAsync(0);

        VmSidecar? removed = await SidecarRemover.RemoveAsync(shell, ChangeGuard.None, default);

        Assert.Equal((ChangeAction.Removed, SidecarState.Stopped), (removed!.Action, removed.State));
        Assert.Equal(before, await vms.TreeAsync(0));
        Assert.Equal("", await vms.RunAsync(0, "iptables-save"));
        Assert.Equal(ChangeAction.Unchanged, (await SidecarRemover.RemoveAsync(shell, ChangeGuard.None, default))!.Action);
    }

    [Fact]
    public async Task RemoveAsync_NotApproved_NamesTheFilesThatAreThere()
    {
        await vms.InstallAsync(0, await vms.ConfigAsync(0));
        await vms.RunAsync(0, $"rm -f {SidecarPlaces.CertChain}; touch {SidecarPlaces.Key}");
        string asked = "";
        await using IRemoteShell shell = await vms.ConnectAsync(0);

        VmSidecar? removed = await SidecarRemover.RemoveAsync(
            shell, ChangeGuard.None with { Approve = (_, action) => Task.FromResult((asked = action).Length == 0) },
            default);

        Assert.Null(removed);
        Assert.Contains(SidecarPlaces.Key, asked, StringComparison.Ordinal);
        Assert.Contains(SidecarPlaces.ClusterEnv, asked, StringComparison.Ordinal);
        Assert.DoesNotContain(SidecarPlaces.CertChain, asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallAsync_Again_IsUnchangedAndStartsNothing()
    {
        await vms.InstallAsync(0, await vms.ConfigAsync(0));
        const string Facts = "stat -c '%i %Y %n' /var/run/secrets/tokens/istio-token /etc/istio/config/mesh; systemctl show istio -p MainPID";
        string before = await vms.RunAsync(0, Facts);

        VmSidecar? again = await vms.InstallAsync(0, await vms.ConfigAsync(0), guard: new((_, action) => throw new InvalidOperationException(action), _ => { }));

        Assert.Equal((ChangeAction.Unchanged, SidecarState.Ready), (again!.Action, again.State));
        Assert.Equal(before, await vms.RunAsync(0, Facts));
    }

    [Theory]
    [InlineData(SidecarFileNames.MeshConfig, "[a, b]\n", "no YAML mapping")]
    [InlineData(SidecarFileNames.RootCert, null, "")]
    [InlineData(SidecarFileNames.Hosts, "127.0.0.9 istiod.istio-system.svc\n", "istiod.istio-system.svc")]
    public async Task InstallAsync_SidecarThatDoesNotComeUp_BringsTheOldOneBackByteForByte(string name, string? text, string reason)
    {
        await vms.InstallAsync(0, await vms.ConfigAsync(0));
        string before = await vms.TreeAsync(0);
        // Another mesh's certificate is read well and trusted in vain.
        text ??= FakeSidecar.MakeCertificate(DateTimeOffset.UtcNow.AddDays(1));

        MeshException error = await Assert.ThrowsAsync<MeshException>(
            async () => await vms.InstallAsync(0, await vms.ConfigAsync(0, (name, text)), with: r => r with { Wait = TimeSpan.FromSeconds(5) }));

        Assert.Equal(MeshErrorCode.SidecarNotReady, error.Code);
        Assert.Contains("What was there before is back.", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await vms.TreeAsync(0));
        Assert.Equal("active", await vms.RunAsync(0, "systemctl is-active istio"));
    }

    [Fact]
    public async Task InstallAsync_FirstOneThatDoesNotComeUp_LeavesNoTrace()
    {
        string before = await vms.TreeAsync(0);

        await Assert.ThrowsAsync<MeshException>(
            async () => await vms.InstallAsync(0, await vms.ConfigAsync(0, (SidecarFileNames.MeshConfig, "[a]\n"))));

        Assert.Equal(before, await vms.TreeAsync(0));
        Assert.Equal("inactive disabled", (await vms.RunAsync(0, "systemctl is-active istio; systemctl is-enabled istio; true")).Replace('\n', ' '));
        Assert.Equal("", await vms.RunAsync(0, "iptables-save"));
    }

    [Fact]
    public async Task InstallAsync_TwoAtOnce_DoNotMix()
    {
        VmSidecarConfig[] configs =
        [
            await vms.ConfigAsync(0, (SidecarFileNames.MeshConfig, "defaultConfig:\n  concurrency: 1\n")),
            await vms.ConfigAsync(0, (SidecarFileNames.MeshConfig, "defaultConfig:\n  concurrency: 2\n")),
        ];

        VmSidecar?[] sidecars = await Task.WhenAll(configs.Select(config => vms.InstallAsync(0, config)));

        Assert.All(sidecars, sidecar => Assert.Equal(SidecarState.Ready, sidecar!.State));
        string token = await vms.RunAsync(0, $"cat {SidecarPlaces.Token}");
        VmSidecarConfig last = configs.Single(config => config.Find(SidecarFileNames.Token)!.GetText() == token);
        Assert.Equal(last.Find(SidecarFileNames.MeshConfig)!.GetText(), await vms.RunAsync(0, $"cat {SidecarPlaces.MeshConfig}") + "\n");
        Assert.Equal(token, await vms.RunAsync(0, $"cat {SidecarPlaces.KeptToken}"));
    }

    [Fact]
    public async Task InstallAsync_CancelledWhileItWaits_EndsSoonAndTheVmUndoesIt()
    {
        string before = await vms.TreeAsync(0);
        await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/never-ready");
        try
        {
            using CancellationTokenSource stop = new();
            Task<VmSidecar?> installing = vms.InstallAsync(0, await vms.ConfigAsync(0), cancellationToken: stop.Token);
            await LabFixture.WaitForAsync(
                async () => (await LabFixture.RunOnVmAsync(vms.Lab.Vms[0], "systemctl is-active istio")).Output == "active\n", seconds: 30);

            Stopwatch watch = Stopwatch.StartNew();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => installing);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");

            await LabFixture.WaitForAsync(async () => await vms.TreeAsync(0) == before, seconds: 30);
        }
        finally
        {
            await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/ready");
        }
    }

    [Fact]
    public async Task InstallAsync_ConnectionLostInTheMiddle_TheVmUndoesIt()
    {
        string before = await vms.TreeAsync(0);
        await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/never-ready");
        try
        {
            Task<VmSidecar?> installing = vms.InstallAsync(0, await vms.ConfigAsync(0), with: r => r with { Wait = TimeSpan.FromSeconds(3) });
            await LabFixture.WaitForAsync(
                async () => (await LabFixture.RunOnVmAsync(vms.Lab.Vms[0], "systemctl is-active istio")).Output == "active\n", seconds: 30);
            // sshd's process of the session that runs the script.
            await vms.RunAsync(0, SidecarVms.Script + "kill -9 $(sed 's/.*) . \\([0-9]*\\) .*/\\1/' /proc/$script/stat)");

            MeshException error = await Assert.ThrowsAsync<MeshException>(() => installing);

            Assert.Equal(MeshErrorCode.VmUnreachable, error.Code);
            await LabFixture.WaitForAsync(async () => await vms.TreeAsync(0) == before, seconds: 30);
        }
        finally
        {
            await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/ready");
        }
    }

    [Fact]
    public async Task InstallAsync_RunThatDiedHalfWay_IsTakenBackByTheNext()
    {
        string before = await vms.TreeAsync(0);
        await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/never-ready");
        Task<VmSidecar?> installing = vms.InstallAsync(0, await vms.ConfigAsync(0));
        await LabFixture.WaitForAsync(
            async () => (await LabFixture.RunOnVmAsync(vms.Lab.Vms[0], "systemctl is-active istio")).Output == "active\n", seconds: 30);
        await vms.RunAsync(0, SidecarVms.Script + "kill -9 $script");
        await Assert.ThrowsAsync<MeshException>(() => installing);
        await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/ready");
        Assert.NotEqual(before, await vms.TreeAsync(0));

        await vms.CleanAsync(0);

        Assert.Equal(before, await vms.TreeAsync(0));
    }

    [Fact]
    public async Task Reboot_TokenInTmpfs_IsPutBackBeforeTheServiceStarts()
    {
        await vms.InstallAsync(0, await vms.ConfigAsync(0));
        string token = await vms.RunAsync(0, $"cat {SidecarPlaces.Token}");

        await vms.Lab.AdminAsync("faults/vm/vm1/reboot");

        await LabFixture.WaitForAsync(
            async () => (await LabFixture.RunOnVmAsync(vms.Lab.Vms[0], "systemctl is-active istio")).Output == "active\n", seconds: 30);
        Assert.Equal(token, await vms.RunAsync(0, $"cat {SidecarPlaces.Token}"));
        Assert.Equal("600 istio-proxy:istio-proxy", await vms.RunAsync(0, $"stat -c '%a %U:%G' {SidecarPlaces.Token}"));
    }

    [Fact]
    public async Task InstallAsync_UserWithSudo_IsTheSame()
    {
        await vms.RunAsync(0, "id joe > /dev/null 2>&1 || useradd -m -s /bin/sh -p '*' joe; mkdir -p ~joe/.ssh; cp ~root/.ssh/authorized_keys ~joe/.ssh/; "
            + "chown -R joe ~joe/.ssh; echo 'joe ALL=(root) NOPASSWD: ALL' > /etc/sudoers.d/joe");

        VmSidecar? sidecar = await vms.InstallAsync(0, await vms.ConfigAsync(0), user: "joe");

        Assert.Equal((SidecarState.Ready, ChangeAction.Created), (sidecar!.State, sidecar.Action));
        Assert.Equal("600 istio-proxy:istio-proxy", await vms.RunAsync(0, $"stat -c '%a %U:%G' {SidecarPlaces.Token}"));
        Assert.Equal("", await vms.RunAsync(0, "ls -d /tmp/hybridmesh-* 2> /dev/null || true"));
    }

    [Fact]
    public async Task InstallAsync_HostsFileThatIsAMount_IsWrittenInPlace()
    {
        await vms.RunAsync(0, "cp /etc/hosts /root/hosts; mount --bind /root/hosts /etc/hosts");
        try
        {
            Assert.Equal(SidecarState.Ready, (await vms.InstallAsync(0, await vms.ConfigAsync(0)))!.State);

            Assert.Contains("istiod.istio-system.svc", await vms.RunAsync(0, "cat /root/hosts"), StringComparison.Ordinal);
        }
        finally
        {
            await vms.CleanAsync(0);
            await vms.RunAsync(0, "umount /etc/hosts; rm /root/hosts");
        }
    }

    [Fact]
    public async Task InstallAsync_ForeignLineForIstiod_IsWarnedOf()
    {
        List<string> warnings = [];
        await vms.RunAsync(0, $"echo '{vms.Lab.Facts.EastWestAddress} istiod.istio-system.svc hello3-svc.default.svc.cluster.local' >> /etc/hosts");
        try
        {
            await vms.InstallAsync(0, await vms.ConfigAsync(0), guard: new((_, _) => Task.FromResult(true), warnings.Add));

            Assert.Equal(2, warnings.Count);
            Assert.All(warnings, warning => Assert.Contains("Remove that line", warning, StringComparison.Ordinal));
        }
        finally
        {
            await vms.RunAsync(0, "grep -v hello3-svc /etc/hosts > /tmp/h; cat /tmp/h > /etc/hosts; rm /tmp/h");
        }
    }

    [Theory]
    [InlineData("ISTIO_INBOUND_PORTS='*'\nISTIO_LOCAL_EXCLUDE_PORTS='15090'", "port 2222")]
    [InlineData("ISTIO_INBOUND_PORTS='*'\nISTIO_LOCAL_EXCLUDE_PORTS='22,2222'", null)]
    [InlineData("ISTIO_INBOUND_PORTS='8001,22'", "port 22")]
    public async Task InstallAsync_SshPortCaptured_IsRefusedBeforeAnythingIsWritten(string lines, string? port)
    {
        string before = await vms.TreeAsync(0);
        VmSidecarConfig config = await vms.ConfigAsync(
            0, (SidecarFileNames.ClusterEnv, $"{lines}\nISTIO_NAMESPACE='default'\nSERVICE_ACCOUNT='default'\n"));
        if (port is null)
        {
            Assert.Equal(SidecarState.Ready, (await vms.InstallAsync(0, config))!.State);
            return;
        }

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => vms.InstallAsync(0, config));

        Assert.Equal(MeshErrorCode.SshPortCaptured, error.Code);
        Assert.Contains(port, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await vms.TreeAsync(0));
    }

    [Fact]
    public async Task InstallAsync_AnotherVmsFiles_AreRefused()
    {
        VmSidecarConfig config = (await vms.ConfigAsync(1)) with { Vm = vms.Vm(0) };

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => vms.InstallAsync(0, config));

        Assert.Equal(MeshErrorCode.SidecarConfigInvalid, error.Code);
        Assert.Contains("cluster.env line", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallAsync_NotApproved_SaysAllAndWritesNothing()
    {
        string before = await vms.TreeAsync(0);
        List<string> asked = [];

        Assert.Null(await vms.InstallAsync(0, await vms.ConfigAsync(0), guard: new(
            (target, action) => { asked.Add($"{target}: {action}"); return Task.FromResult(false); }, _ => { })));

        Assert.StartsWith("Sidecar of VM 'vm1'", Assert.Single(asked), StringComparison.Ordinal);
        Assert.All((string[])[SidecarPlaces.ClusterEnv, SidecarPlaces.Token, "istiod.istio-system.svc to /etc/hosts", "tart service istio"],
            part => Assert.Contains(part, asked[0], StringComparison.Ordinal));
        Assert.Equal(before, await vms.TreeAsync(0));
    }
}
