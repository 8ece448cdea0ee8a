using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class UpdateVmSidecarTokenCommandTests : IDisposable
{
    private const string Vms = "$vms = @{ Name = 'vm1'; Address = '10.0.0.1' }, @{ Name = 'vm2'; Address = '10.0.0.2' };";

    private readonly FakeMesh _mesh = new();
    private readonly FakeSidecarVms _vms = new();

    public UpdateVmSidecarTokenCommandTests()
    {
        _mesh.Vms.OnRun = _vms.RunAsync;
        _mesh.DataPlane.OnCreateToken = (_, _, _, duration) =>
            new(FakeSidecar.MakeToken(_vms.Now + duration), _vms.Now + duration);
        Sidecar("vm1", TimeSpan.FromMinutes(10));
        Sidecar("vm2", TimeSpan.FromMinutes(50));
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void TokenWithLessThanHalfItsTime_IsRenewedAndTheOtherIsUnchanged()
    {
        ScriptRun run = _mesh.Run($"{Vms} $vms | Update-VmSidecarToken");

        Assert.Empty(run.Errors);
        Assert.Equal(
            [("vm1", ChangeAction.Updated), ("vm2", ChangeAction.Unchanged)],
            run.OutputAs<VmSidecar>().OrderBy(item => item.VmName).Select(item => (item.VmName, item.Action!.Value)));
        Assert.Equal("vm1", Assert.Single(_vms.Writes).Vm);
        FakeCall call = Assert.Single(_mesh.DataPlane.Calls);
        Assert.Equal(("TokenRequest", "hello", "default"), (call.Kind, call.Namespace, call.Name));
    }

    [Theory]
    [InlineData("-Force", 2)]
    [InlineData("-IfExpiresWithin 5m", 0)]
    [InlineData("-IfExpiresWithin 1h", 2)]
    public void When_IsAsTheParametersSay(string parameters, int renewed)
    {
        _mesh.Host.Expect($"{Vms} $vms | Update-VmSidecarToken {parameters}");

        Assert.Equal(renewed, _vms.Writes.Count);
        Assert.Equal(renewed, _mesh.DataPlane.Calls.Count);
    }

    [Fact]
    public void Token_NeverStandsInACommandLine()
    {
        _mesh.Host.Expect($"{Vms} $vms | Update-VmSidecarToken -Force");

        Assert.DoesNotContain(_mesh.Vms.Commands, command => command.Command.Contains("SIGNATURE", StringComparison.Ordinal)
            || command.Command.Contains("next=", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIf_AsksForNoToken()
    {
        ScriptRun run = _mesh.Run($"{Vms} $vms | Update-VmSidecarToken -WhatIf");

        Assert.Equal(ChangeAction.Unchanged, Assert.Single(run.OutputAs<VmSidecar>()).Action);
        Assert.Empty(_vms.Writes);
        Assert.Empty(_mesh.DataPlane.Calls);
        Assert.Contains("service account hello/default", run.HostText, StringComparison.Ordinal);
    }

    // systemd starts a service that ended again and again; one that somebody stopped stays stopped.
    [Theory]
    [InlineData("failed", true)]
    [InlineData("activating", true)]
    [InlineData("inactive", false)]
    public void SidecarThatDoesNotRun_IsStartedAgainUnlessSomebodyStoppedIt(string state, bool starts)
    {
        _vms.Sidecars["vm1"].Service = state;

        ScriptRun run = _mesh.Run($"{Vms} $vms[0] | Update-VmSidecarToken -WhatIf");

        Assert.Empty(run.Errors);
        Assert.Contains("Renew for service account", run.HostText, StringComparison.Ordinal);
        Assert.Equal(starts, run.HostText.Contains("start the sidecar again", StringComparison.Ordinal));
    }

    [Fact]
    public void VmWithoutSidecar_IsSidecarMissingAndTheRestGoOn()
    {
        _vms.Sidecars["vm1"] = new FakeSidecar { Service = null };

        ScriptRun run = _mesh.Run($"{Vms} $vms | Update-VmSidecarToken -Force");

        Assert.Equal("SidecarMissing", Assert.Single(run.ErrorIds));
        Assert.Equal("vm1", Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Name);
        Assert.Equal("vm2", Assert.Single(run.OutputAs<VmSidecar>()).VmName);
    }

    [Fact]
    public void SidecarsOfThePipeline_BindWithoutNamespaceToo()
    {
        _mesh.Host.With("sidecar", new VmSidecar { Vm = new MeshVm { Name = "vm1", Address = "10.0.0.1" }, State = SidecarState.Absent });

        Assert.Equal(ChangeAction.Updated, Assert.Single(_mesh.Run("$sidecar | Update-VmSidecarToken").OutputAs<VmSidecar>()).Action);
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly()
    {
        _mesh.Vms.OnRun = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("unreachable");
        };
        using RunningScript running = _mesh.Host.Start($"{Vms} $vms | Update-VmSidecarToken");
        running.WaitUntil(() => _mesh.Vms.Commands.Count == 2, "both VMs are asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
        Assert.Equal(0, _mesh.Vms.OpenShells);
    }

    private void Sidecar(string vm, TimeSpan left) => _vms.Sidecars[vm] = new FakeSidecar
    {
        Env = FakeSidecar.MakeEnv(("ISTIO_NAMESPACE", "hello"), ("SERVICE_ACCOUNT", "default")),
        Token = FakeSidecar.MakeToken(_vms.Now + left),
    };
}
