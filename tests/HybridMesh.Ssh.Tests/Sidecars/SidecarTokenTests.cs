using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>Tokens that run out (istio#49202) or are lost (istio#35343), renewed on a real VM.</summary>
[Collection(SidecarVms.Name)]
public sealed class SidecarTokenTests(SidecarVms vms) : IAsyncLifetime
{
    private const string Places = $"{SidecarPlaces.Token} {SidecarPlaces.KeptToken}";
    private const string Process = "systemctl show istio -p MainPID";

    public async Task InitializeAsync() => await vms.InstallAsync(0, await vms.ConfigAsync(0));

    public Task DisposeAsync() => vms.CleanAsync(0);

    [Fact]
    public async Task RenewAsync_BeforeHalfOfItsTime_IsUnchanged()
    {
        string before = await vms.RunAsync(0, $"cat {Places}");

        VmSidecar? sidecar = await RenewAsync(TimeSpan.FromMinutes(25), "never");

        Assert.Equal((ChangeAction.Unchanged, SidecarState.Ready), (sidecar!.Action, sidecar.State));
        Assert.Equal(before, await vms.RunAsync(0, $"cat {Places}"));
    }

    [Fact]
    public async Task RenewAsync_AfterHalfOfItsTime_WritesBothPlacesAndLeavesTheSidecarRunning()
    {
        string process = await vms.RunAsync(0, Process);
        string token = await NewTokenAsync();

        VmSidecar? sidecar = await RenewAsync(TimeSpan.FromMinutes(35), token);

        Assert.Equal((ChangeAction.Updated, SidecarState.Ready), (sidecar!.Action, sidecar.State));
        Assert.Equal(process, await vms.RunAsync(0, Process));
        await AssertIsThereAsync(token);
    }

    [Theory]
    [InlineData("")]
    [InlineData($"rm -r {Places} /var/run/secrets")]
    public async Task RenewAsync_SidecarThatDoesNotStartForWantOfAToken_IsStartedAgain(string damage)
    {
        await vms.Lab.AdminAsync("faults/vm/vm1/token/expire");
        await vms.RunAsync(0, $"{damage}\nsystemctl restart istio; true");
        await LabFixture.WaitForAsync(async () => (await FactsAsync()).ServiceState == "failed", seconds: 30);
        string token = await NewTokenAsync();

        VmSidecar? sidecar = await RenewAsync(TimeSpan.Zero, token);

        Assert.Equal((ChangeAction.Updated, SidecarState.Ready), (sidecar!.Action, sidecar.State));
        Assert.Equal(SidecarState.Ready, (await FactsAsync()).State);
        await AssertIsThereAsync(token);
    }

    private async Task AssertIsThereAsync(string token)
    {
        Assert.Equal(token + token, await vms.RunAsync(0, $"cat {Places}"));
        Assert.Equal(
            $"600 istio-proxy:istio-proxy {SidecarPlaces.Token}\n600 root:root {SidecarPlaces.KeptToken}",
            await vms.RunAsync(0, $"stat -c '%a %U:%G %n' {Places}"));
    }

    private async Task<SidecarFacts> FactsAsync()
    {
        await using IRemoteShell shell = await vms.ConnectAsync(0);
        return await SidecarStatus.ReadAsync(shell, app: null, default);
    }

    private async Task<string> NewTokenAsync() => (await vms.ConfigAsync(0)).Find(SidecarFileNames.Token)!.GetText();

    private async Task<VmSidecar?> RenewAsync(TimeSpan later, string token)
    {
        FakeKubernetesApi api = new()
        {
            OnCreateToken = (_, _, _, duration) => new(token, DateTimeOffset.UtcNow + duration),
        };
        await using IRemoteShell shell = await vms.ConnectAsync(0);
        return await SidecarTokenRenewer.RenewAsync(
            shell, api, new TokenRenewalRequest(), new LaterClock(later), ChangeGuard.None, default);
    }
}
