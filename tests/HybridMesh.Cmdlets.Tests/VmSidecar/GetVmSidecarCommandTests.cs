using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetVmSidecarCommandTests : IDisposable
{
    private const string Ask = SidecarWorld.Ask;

    private readonly SidecarWorld _world = new();

    private FakeSidecar Vm2 => _world.Sidecars["vm2"];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void AllAgrees_IsSaidOfEach()
    {
        IReadOnlyList<VmSidecar> sidecars = Run($"$vms | Get-VmSidecar {Ask}").OutputAs<VmSidecar>();

        Assert.Equal(
            [("vm1", "v1"), ("vm2", "v2"), ("vm3", "v3")],
            sidecars.Select(sidecar => (sidecar.VmName, sidecar.Version!)).Order());
        Assert.All(sidecars, sidecar =>
        {
            Assert.Equal(SidecarState.Ready, sidecar.State);
            Assert.True(sidecar.Agrees);
            Assert.Empty(sidecar.Problems);
            Assert.Equal(SidecarWorld.Now.AddHours(1), sidecar.TokenExpires);
            Assert.Equal(sidecar.EnvVersion, sidecar.AppVersion);
            Assert.StartsWith("mesh-expansion-hello2-svc-", sidecar.WorkloadEntry, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void App_IsAskedOnEachVmByItsOwnUrl()
    {
        Run($"$vms | Get-VmSidecar {Ask}");

        Assert.All(_world.Mesh.Vms.Commands, command => Assert.Contains(
            $"HM_URL='http://{command.Vm.Address}:8001/hello/x'", command.StandardInput, StringComparison.Ordinal));
    }

    [Fact]
    public void Disagreement_IsSaidWithTheCommandThatMendsIt()
    {
        _world.PatchEntry(2, """{"spec":{"labels":{"version":"v1"}}}""");

        VmSidecar sidecar = OfVm2("$vms | Get-VmSidecar");

        Assert.False(sidecar.Agrees);
        Assert.Equal(("v1", "v2"), (sidecar.EntryVersion!, sidecar.EnvVersion!));
        Assert.Null(sidecar.Version);
        Assert.Contains(
            "mend it by: Get-WorkloadEntry -Namespace 'hello' | Where-Object Name -eq 'mesh-expansion-hello2-svc-2' | "
            + "Set-WorkloadEntryVersion -Version 'v2'",
            Assert.Single(sidecar.Problems), StringComparison.Ordinal);
    }

    // Trap 6.
    [Fact]
    public void Token_LostAtReboot_IsSaidAsSuch()
    {
        Vm2.Token = null;
        Vm2.BootedAt = SidecarWorld.Now.AddMinutes(-5);
        Vm2.InstalledAt = SidecarWorld.Now.AddDays(-1);

        VmSidecar sidecar = OfVm2("$vms | Get-VmSidecar");

        Assert.Null(sidecar.TokenExpires);
        Assert.Contains("lost its token when it was rebooted 5 min ago", Assert.Single(sidecar.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void NotConnected_TellsWhatTheVmKnows()
    {
        Run("Disconnect-Mesh");

        ScriptRun run = Run("$vms | Get-VmSidecar -Verbose");

        Assert.Empty(run.Errors);
        Assert.Equal(3, run.Output.Count);
        Assert.All(run.OutputAs<VmSidecar>(), sidecar => Assert.Null(sidecar.WorkloadEntry));
        Assert.All(run.OutputAs<VmSidecar>(), sidecar => Assert.NotNull(sidecar.EnvVersion));
        Assert.Contains(run.Verbose, text => text.StartsWith("Not connected to a mesh", StringComparison.Ordinal));
    }

    [Fact]
    public void MeshUnreadable_IsOneWarningAndTheVmsAreTold()
    {
        _world.Mesh.ControlPlane.OnCall = (_, _) => throw new MeshException(MeshErrorCode.Forbidden, "You may not.");

        ScriptRun run = Run("$vms | Get-VmSidecar");

        Assert.Equal(3, run.Output.Count);
        Assert.Contains("You may not.", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyVms_ListTheEntriesOnce()
    {
        Run("$vms | Get-VmSidecar");

        Assert.Single(_world.Mesh.ControlPlane.Calls, call => call.Verb == "list" && call.Kind == "WorkloadEntry");
    }

    [Theory]
    [InlineData("30m", 1)]
    [InlineData("5m", 0)]
    [InlineData("2h", 3)]
    public void ExpiresWithin_Selects(string within, int count)
    {
        Vm2.Token = FakeSidecar.MakeToken(SidecarWorld.Now.AddMinutes(20));

        Assert.Equal(count, Run($"$vms | Get-VmSidecar -ExpiresWithin {within}").Output.Count);
    }

    [Fact]
    public void ExpiresWithin_TakesLostTokensAsEnded()
    {
        Vm2.Token = null;

        Assert.Equal("vm2", Assert.Single(Run("$vms | Get-VmSidecar -ExpiresWithin 1m").OutputAs<VmSidecar>()).VmName);
    }

    [Fact]
    public void Piping_ItsOwnOutput_ReadsTheVmsAgain() =>
        Assert.Equal(3, Run("$vms | Get-VmSidecar | Get-VmSidecar").Output.Count);

    [Theory]
    [InlineData("-AppUri http://a:1/", "ArgumentInvalid")]
    [InlineData("-AppUri ftp://a/ -VersionHeader x", "ArgumentInvalid")]
    [InlineData("-AppUri http://a:1/ -VersionHeader x -VersionPattern @{ v1 = 'x' }", "ArgumentInvalid")]
    [InlineData("-AppUri http://a:1/ -VersionPattern @{ v1 = '(' }", "ArgumentInvalid")]
    public void App_AskedWrongly_IsAnErrorBeforeAnyVmIs(string parameters, string id)
    {
        ScriptRun run = Run($"$vms | Get-VmSidecar {parameters}");

        Assert.Equal(id, run.ErrorIds[0]);
        Assert.Empty(_world.Mesh.Vms.Commands);
    }

    [Fact]
    public void VmUnreachable_IsOneErrorAboutIt()
    {
        _world.Mesh.Vms.ConnectFailures["vm2"] = new MeshException(MeshErrorCode.VmUnreachable, "VM 'vm2' is down.");

        ScriptRun run = Run("$vms | Get-VmSidecar");

        Assert.Equal("VmUnreachable", Assert.Single(run.ErrorIds));
        Assert.Equal("vm2", ((MeshVm)run.Errors[0].TargetObject).Name);
        Assert.Equal(2, run.Output.Count);
    }

    [Fact]
    public void View_ShowsTheEndsAsPeopleSayThem()
    {
        _world.Mesh.Runtime.Clock = TimeProvider.System;
        Vm2.Token = FakeSidecar.MakeToken(TimeProvider.System.GetUtcNow().AddMinutes(52.5));
        _world.Sidecars["vm1"].Token = FakeSidecar.MakeToken(TimeProvider.System.GetUtcNow().AddHours(-3.5));

        string table = _world.Mesh.Host.Render(SidecarWorld.Vms + "$vms | Get-VmSidecar");

        foreach (string text in new[] { "in 52 min", "expired 3 h ago", "Ready", "yes" })
        {
            Assert.Contains(text, table, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("\u001b[", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly()
    {
        _world.Mesh.Vms.OnRun = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("unreachable");
        };
        using RunningScript running = _world.Mesh.Host.Start(SidecarWorld.Vms + "$vms | Get-VmSidecar");
        running.WaitUntil(() => _world.Mesh.Vms.Commands.Count == 3, "all VMs are asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
    }

    private VmSidecar OfVm2(string command) =>
        Run(command).OutputAs<VmSidecar>().Single(sidecar => sidecar.VmName == "vm2");

    private ScriptRun Run(string command) => _world.Mesh.Run(SidecarWorld.Vms + command);
}
