using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>
/// What iptables keeps of a sidecar: rules that outlive it (istio#52961), rules that are gone while it runs
/// (istio#35870), and the rules of others beside them (istio#27728).
/// </summary>
[Collection(SidecarVms.Name)]
public sealed class SidecarRulesTests(SidecarVms vms) : IAsyncLifetime
{
    private const string OfOthers = "-A DOCKER -i docker0 -j RETURN";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/clean-stop");
        await vms.CleanAsync(0);
        await vms.RunAsync(0, "iptables -t nat -F DOCKER; iptables -t nat -X DOCKER; true");
    }

    [Theory]
    [InlineData("systemctl stop istio")]
    [InlineData("true")]
    [InlineData("systemctl stop istio; mv /usr/local/bin/pilot-agent /root/")]
    public async Task RemoveAsync_StopThatLeavesRules_TakesIstiosAndNoOthers(string before)
    {
        await vms.InstallAsync(0, await vms.ConfigAsync(0));
        await vms.RunAsync(0, $"iptables -t nat -N DOCKER && iptables -t nat {OfOthers}");
        await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/dirty-stop");
        try
        {
            await vms.RunAsync(0, before);
            Assert.Contains("ISTIO_OUTPUT", await vms.RunAsync(0, "iptables-save"), StringComparison.Ordinal);
            List<string> warnings = [];
            await using IRemoteShell shell = await vms.ConnectAsync(0);

            VmSidecar? removed = await SidecarRemover.RemoveAsync(
                shell, new((_, _) => Task.FromResult(true), warnings.Add), default);

            Assert.Equal(ChangeAction.Removed, removed!.Action);
            Assert.Empty(warnings);
            string left = await vms.RunAsync(0, "iptables-save");
            Assert.DoesNotContain("ISTIO_", left, StringComparison.Ordinal);
            Assert.Contains(OfOthers, left, StringComparison.Ordinal);
        }
        finally
        {
            await vms.RunAsync(0, "[ ! -e /root/pilot-agent ] || mv /root/pilot-agent /usr/local/bin/");
        }
    }

    [Fact]
    public async Task InstallAsync_RulesGone_StartsTheSidecarAgain()
    {
        VmSidecarConfig config = await vms.ConfigAsync(0);
        await vms.InstallAsync(0, config);
        string rules = await RulesAsync();
        await vms.RunAsync(0, "pilot-agent istio-clean-iptables");
        List<string> asked = [];

        VmSidecar? again = await vms.InstallAsync(
            0, config, guard: new((_, action) => { asked.Add(action); return Task.FromResult(true); }, _ => { }));

        Assert.Equal((ChangeAction.Updated, SidecarState.Ready), (again!.Action, again.State));
        Assert.Equal(["Start service istio"], asked);
        Assert.Contains("ISTIO_OUTPUT", rules, StringComparison.Ordinal);
        Assert.Equal(rules, await RulesAsync());
        Assert.Equal(ChangeAction.Unchanged, (await vms.InstallAsync(0, config))!.Action);
    }

    [Fact]
    public async Task InstallAsync_RulesMadeByTheAdministrator_AreNotWaitedFor()
    {
        VmSidecarConfig config = await vms.ConfigAsync(0);
        string env = config.Find(SidecarFileNames.ClusterEnv)!.GetText() + "ISTIO_CUSTOM_IP_TABLES='true'\n";
        config = await vms.ConfigAsync(0, (SidecarFileNames.ClusterEnv, env));

        await vms.InstallAsync(0, config);

        Assert.Equal("", await RulesAsync());
        Assert.Equal(ChangeAction.Unchanged, (await vms.InstallAsync(0, config))!.Action);
    }

    [Fact]
    public async Task InstallAsync_RulesLeftByADirtyStop_AreMadeOnce()
    {
        VmSidecarConfig config = await vms.ConfigAsync(0);
        await vms.InstallAsync(0, config);
        string rules = await RulesAsync();
        await vms.Lab.AdminAsync("faults/vm/vm1/sidecar/dirty-stop");
        await vms.RunAsync(0, "systemctl stop istio");

        VmSidecar? again = await vms.InstallAsync(0, config);

        Assert.Equal((ChangeAction.Updated, SidecarState.Ready), (again!.Action, again.State));
        Assert.Equal(rules, await RulesAsync());
    }

    // The first line tells the time.
    private Task<string> RulesAsync() => vms.RunAsync(0, "iptables-save | grep -v '^#' || true");
}
