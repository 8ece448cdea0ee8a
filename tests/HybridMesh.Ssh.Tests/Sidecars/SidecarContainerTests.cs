using HybridMesh.Core;

namespace HybridMesh.Ssh.Tests;

/// <summary>Sidecars as containers, on a VM without Istio's package.</summary>
[Collection(SidecarVms.Name)]
public sealed class SidecarContainerTests(SidecarVms vms) : IAsyncLifetime
{
    private const int Bare = 2;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => vms.CleanAsync(Bare);

    [Fact]
    public async Task InstallAsync_Container_IsReadyThenUnchangedThenGone()
    {
        string before = await vms.TreeAsync(Bare);

        VmSidecar? first = await InstallAsync();
        Assert.Equal(
            (ChangeAction.Created, SidecarState.Ready, SidecarMethod.Container), (first!.Action!.Value, first.State, first.Method!.Value));
        Assert.Equal("600 root:root", await vms.RunAsync(Bare, $"stat -c '%a %U:%G' {SidecarPlaces.ContainerFolder}/istio-token"));
        Assert.Equal(ChangeAction.Unchanged, (await InstallAsync())!.Action);

        await using IRemoteShell shell = await vms.ConnectAsync(Bare);
        VmSidecar? removed = await SidecarRemover.RemoveAsync(shell, ChangeGuard.None, default);
        Assert.Equal((ChangeAction.Removed, SidecarState.Absent), (removed!.Action!.Value, removed.State));
        Assert.Equal("", await vms.RunAsync(Bare, "docker ps -aq; iptables-save"));
        Assert.Equal(before, await vms.TreeAsync(Bare));
    }

    [Fact]
    public async Task InstallAsync_OtherImageThatDoesNotComeUp_BringsTheOldContainerBack()
    {
        await InstallAsync();
        string before = await vms.RunAsync(Bare, "docker inspect --format '{{.Id}} {{.State.Running}}' istio-proxy");
        string files = await vms.TreeAsync(Bare);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => InstallAsync((SidecarFileNames.MeshConfig, "[a, b]\n")));

        Assert.Equal(MeshErrorCode.SidecarNotReady, error.Code);
        Assert.Equal(before, await vms.RunAsync(Bare, "docker inspect --format '{{.Id}} {{.State.Running}}' istio-proxy"));
        Assert.Equal(files, await vms.TreeAsync(Bare));
    }

    private async Task<VmSidecar?> InstallAsync(params (string Name, string? Text)[] others) => await vms.InstallAsync(
        Bare, await vms.ConfigAsync(Bare, others), with: request => request with { Method = SidecarMethod.Container });
}
