using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>Apps on real VMs through the lab's docker.</summary>
[Collection(LabVms.Name)]
public sealed class VmAppsTests(LabVms vms) : IAsyncLifetime
{
    private const int Index = 1;
    private const string Image = "registry.example/demo/http_springboot_v2:1.0.1";

    public async Task InitializeAsync()
    {
        await vms.RunAsync(Index, "ids=$(docker ps -aq); [ -z \"$ids\" ] || docker rm -f $ids");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task StartAsync_NewApp_RunsAndAnswers()
    {
        VmApp app = (await StartAsync(new VmAppSpec("hello2", Image, null)))!;

        Assert.Equal(ChangeAction.Created, app.Action);
        Assert.Equal(("vm2", "hello2", Image, "running"), (app.VmName, app.Name, app.Image, app.State));
        await LabFixture.WaitForAsync(async () =>
            (await LabFixture.GetAsync($"http://{app.Address}:8001/hello/eric")).StartsWith("Bonjour eric", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartAsync_SameAgain_IsUnchangedAndTheSameContainer()
    {
        VmAppSpec spec = new("hello2", Image, Hash("A", "1"));
        VmApp first = (await StartAsync(spec))!;

        VmApp second = (await StartAsync(new VmAppSpec("hello2", Image, Hash("A", "1"))))!;

        Assert.Equal(ChangeAction.Unchanged, second.Action);
        Assert.Equal(first.ContainerId, second.ContainerId);
    }

    [Fact]
    public async Task StartAsync_OtherEnvironment_ReplacesTheContainer()
    {
        VmApp first = (await StartAsync(new VmAppSpec("hello2", Image, Hash("A", "1"))))!;

        VmApp second = (await StartAsync(new VmAppSpec("hello2", Image, Hash("A", "2"))))!;

        Assert.Equal(ChangeAction.Updated, second.Action);
        Assert.NotEqual(first.ContainerId, second.ContainerId);
        Assert.Equal("2", second.Environment["A"]);
        Assert.Equal("1", await vms.RunAsync(Index, "docker ps -aq | wc -l"));
    }

    [Fact]
    public async Task StartAsync_StoppedByHand_StartsItAgain()
    {
        await StartAsync(new VmAppSpec("hello2", Image, null));
        await vms.RunAsync(Index, "docker stop hello2");

        VmApp app = (await StartAsync(new VmAppSpec("hello2", Image, null)))!;

        Assert.Equal((ChangeAction.Updated, "running"), (app.Action!.Value, app.State));
    }

    [Theory]
    [InlineData("it's \"quoted\" $HOME `id` \\ %s {{.}}")]
    [InlineData("two\nlines\n")]
    [InlineData("Adióbais=x")]
    [InlineData("")]
    public async Task StartAsync_OddEnvironmentValue_ArrivesAsItIs(string value)
    {
        VmApp app = (await StartAsync(new VmAppSpec("hello2", Image, Hash("ODD", value))))!;

        Assert.Equal(value, app.Environment["ODD"]);
        string raw = await vms.RunAsync(Index, $"od -An -v -tx1 /proc/$(docker inspect --format '{{{{json .State}}}}' hello2 | sed 's/.*\"Pid\":\\([0-9]*\\).*/\\1/')/environ | tr -d ' \\n'");
        Assert.Contains(
            Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes($"ODD={value}\0")), raw.ToUpperInvariant(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_ForeignContainerOfThatName_IsConflictAndStays()
    {
        string id = await vms.RunAsync(Index, $"docker run -d --network host --name hello2 {Image}");

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => StartAsync(new VmAppSpec("hello2", Image, null)));

        Assert.Equal(MeshErrorCode.Conflict, error.Code);
        Assert.Equal(id, await vms.RunAsync(Index, "docker ps -q --no-trunc"));
        await using IRemoteShell shell = await vms.ConnectAsync(Index);
        Assert.Empty(await VmApps.GetAsync(shell, default));
        Assert.Equal(
            MeshErrorCode.Conflict,
            (await Assert.ThrowsAsync<MeshException>(() => VmApps.StopAsync(shell, "hello2", ChangeGuard.None, default))).Code);
    }

    [Fact]
    public async Task StartAsync_UnknownImage_IsContainerFailedWithDockersWords()
    {
        MeshException error = await Assert.ThrowsAsync<MeshException>(() => StartAsync(new VmAppSpec("hello2", "no/such:1", null)));

        Assert.Equal(MeshErrorCode.ContainerFailed, error.Code);
        Assert.Contains("pull access denied", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_AppThatEndsAtOnce_IsContainerFailedWithItsLastWords()
    {
        await StartAsync(new VmAppSpec("first", Image, null)); // takes the port

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => StartAsync(new VmAppSpec("second", Image, null)));

        Assert.Equal(MeshErrorCode.ContainerFailed, error.Code);
        Assert.Contains("right after its start", error.Message, StringComparison.Ordinal);
        Assert.Contains("address", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task StartAsync_NotApproved_StartsNothing()
    {
        await using IRemoteShell shell = await vms.ConnectAsync(Index);
        ChangeGuard guard = ChangeGuard.None with { Approve = (_, _) => Task.FromResult(false) };

        Assert.Null(await VmApps.StartAsync(shell, new VmAppSpec("hello2", Image, null), guard, default));

        Assert.Equal("0", await vms.RunAsync(Index, "docker ps -aq | wc -l"));
    }

    [Fact]
    public async Task StopAsync_App_RemovesItAndIsUnchangedTheSecondTime()
    {
        await StartAsync(new VmAppSpec("hello2", Image, null));
        await using IRemoteShell shell = await vms.ConnectAsync(Index);
        Assert.Equal("hello2", Assert.Single(await VmApps.GetAsync(shell, default)).Name);

        Assert.Equal(ChangeAction.Removed, (await VmApps.StopAsync(shell, "hello2", ChangeGuard.None, default))!.Action);
        Assert.Equal(ChangeAction.Unchanged, (await VmApps.StopAsync(shell, "hello2", ChangeGuard.None, default))!.Action);

        Assert.Equal("0", await vms.RunAsync(Index, "docker ps -aq | wc -l"));
    }

    [Fact]
    public async Task GetAsync_NoRuntime_IsContainerRuntimeMissing()
    {
        string found = await vms.RunAsync(Index, "for f in $(which -a docker podman); do mount --bind /dev/null $f; echo $f; done");
        string[] files = found.Split('\n');
        try
        {
            await using IRemoteShell shell = await vms.ConnectAsync(Index);

            MeshException error = await Assert.ThrowsAsync<MeshException>(() => VmApps.GetAsync(shell, default));

            Assert.Equal(MeshErrorCode.ContainerRuntimeMissing, error.Code);
        }
        finally
        {
            await vms.RunAsync(Index, $"umount {string.Join(' ', files)}");
        }
    }

    [Fact]
    public async Task GetAsync_UserWithoutAccess_GoesBySudoOrSaysSo()
    {
        await vms.RunAsync(Index, "chmod 700 /var/lib/hybridmesh-docker"); // the stand-in's store, as docker's socket is
        await vms.AddUserAsync(Index, "appuser");
        await StartAsync(new VmAppSpec("hello2", Image, null));
        await using IRemoteShell shell = await vms.ConnectAsync(Index, "appuser");
        await vms.RunAsync(Index, DeniedForUsers);
        try
        {
            MeshException error = await Assert.ThrowsAsync<MeshException>(() => VmApps.GetAsync(shell, default));
            Assert.Equal(MeshErrorCode.SudoRequired, error.Code);

            await vms.RunAsync(Index, "echo 'appuser ALL=(root) NOPASSWD: ALL' > /etc/sudoers.d/appuser");
            Assert.Equal("hello2", Assert.Single(await VmApps.GetAsync(shell, default)).Name);
        }
        finally
        {
            await vms.RunAsync(Index, "umount $(command -v docker)");
        }
    }

    // docker as it is for a user outside of its group.
    private const string DeniedForUsers = """
        d=$(command -v docker); cp $d /var/tmp/docker.real
        printf '#!/bin/sh\n[ "$(id -u)" = 0 ] || { echo "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock" >&2; exit 1; }\nexec /var/tmp/docker.real "$@"\n' > /var/tmp/docker.denied
        chmod 755 /var/tmp/docker.denied /var/tmp/docker.real; mount --bind /var/tmp/docker.denied $d
        """;

    private static Dictionary<string, string> Hash(string name, string value) => new() { [name] = value };

    private async Task<VmApp?> StartAsync(VmAppSpec spec)
    {
        await using IRemoteShell shell = await vms.ConnectAsync(Index);
        return await VmApps.StartAsync(shell, spec, ChangeGuard.None, CancellationToken.None);
    }
}
