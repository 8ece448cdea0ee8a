using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What Get-MeshDrift finds; each test makes one thing disagree in a mesh where all agrees.</summary>
public sealed class GetMeshDriftCommandTests : IDisposable
{
    private const string Ask = SidecarWorld.Ask;

    private readonly SidecarWorld _world = new();

    private FakeSidecar Vm2 => _world.Sidecars["vm2"];

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("$vms | Get-MeshDrift")]
    [InlineData("$vms | Get-MeshDrift " + Ask)]
    [InlineData("Get-MeshDrift -Vm $vms hello2-svc")]
    [InlineData("Get-MeshDrift")]
    public void AllAgrees_GivesNothingAndWritesNothing(string command)
    {
        ScriptRun run = _world.Mesh.Run(SidecarWorld.Vms + command);

        Assert.Empty(run.Output);
        Assert.Empty(run.Errors);
        Assert.Empty(run.Warnings);
        Assert.Empty(_world.Mesh.ControlPlane.Writes);
        Assert.Empty(_world.Mesh.DataPlane.Writes);
    }

    [Fact]
    public void Verbose_SaysWhatWasCompared()
    {
        ScriptRun run = _world.Mesh.Run(SidecarWorld.Vms + "$vms | Get-MeshDrift -Verbose");

        Assert.Contains(run.Verbose, text => text.Contains("Comparing 3 WorkloadEntries of namespace hello with 3 VMs", StringComparison.Ordinal));
    }

    // Traps 4 and 5 of version changes: neither istiod nor the VM brings the other up to date.
    [Fact]
    public void Version_EntryAgainstListAndEnv_NamesTheEntry()
    {
        _world.PatchEntry(2, """{"spec":{"labels":{"version":"v1"}}}""");

        MeshDrift drift = One();

        Assert.Equal((DriftKind.VersionDiffers, "mesh-expansion-hello2-svc-2", "v2", "v1"), (drift.Kind, drift.Name!, drift.Expected!, drift.Actual!));
        Assert.Equal(("vm2", "hello2-svc", "hello"), (drift.VmName!, drift.ServiceName!, drift.Namespace));
        AssertMended(drift);
    }

    [Fact]
    public void Version_EnvAgainstTheRest_NamesClusterEnv()
    {
        Vm2.Env = SidecarWorld.Env(1);

        MeshDrift drift = One();

        Assert.Equal((DriftKind.VersionDiffers, "cluster.env", "v2", "v1"), (drift.Kind, drift.Name!, drift.Expected!, drift.Actual!));
        Assert.Equal(
            $"@{{ Name = 'vm2'; Address = '{FakeScenario.Vm(2)}'; Version = 'v2'; Labels = @{{ 'app' = 'hello-workload' }} }} | "
            + "New-VmSidecarConfig -ServiceName 'hello2-svc' -Namespace 'hello' -CaptureDns $false | Install-VmSidecar",
            drift.Command);
    }

    [Fact]
    public void Version_AppAgainstAll_IsTheTruthForTheMeshAndWrongForTheList()
    {
        Vm2.App = "Hola x";

        MeshDrift[] drifts = Find($"$vms | Get-MeshDrift {Ask}");

        Assert.Equal(
            [("app", "v2", "v3"), ("cluster.env", "v3", "v2"), ("mesh-expansion-hello2-svc-2", "v3", "v2")],
            drifts.Select(drift => (drift.Name!, drift.Expected!, drift.Actual!)).Order());
        Assert.All(drifts, drift => Assert.Equal(DriftKind.VersionDiffers, drift.Kind));
        Assert.Contains("Start-VmApp -Name $_.Name -Image ($_.Image -creplace", drifts.Single(drift => drift.Name == "app").Command, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "did not answer")]
    [InlineData("Hallo x", "answered 'Hallo x'")]
    public void App_DoesNotTell_IsSaid(string? answer, string words)
    {
        Vm2.App = answer;

        MeshDrift drift = Assert.Single(Find($"$vms | Get-MeshDrift {Ask}"));

        Assert.Equal(DriftKind.AppSilent, drift.Kind);
        Assert.Contains(words, drift.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_OfHandMadeEntry_AreMissingInClusterEnv()
    {
        _world.PatchEntry(2, """{"spec":{"labels":{"tier":"gold"}}}""");

        MeshDrift drift = One();

        Assert.Equal((DriftKind.LabelsDiffer, "cluster.env", "tier=gold", "no tier"), (drift.Kind, drift.Name!, drift.Expected!, drift.Actual!));
    }

    // Trap 4: istiod never refreshes the labels of an entry it made.
    [Fact]
    public void Labels_OfEntryThatIstiodMade_AreStale()
    {
        _world.PatchEntry(2, """{"metadata":{"annotations":{"istio.io/autoRegistrationGroup":"hello2"}}}""");
        _world.Mesh.ControlPlane.Seed(KubernetesKind.WorkloadGroup, """{"metadata":{"name":"hello2","namespace":"hello"}}""");
        Vm2.Env = SidecarWorld.Env(2, ("ISTIO_METAJSON_LABELS", """{"app":"hello-workload","version":"v2","tier":"gold"}"""));

        MeshDrift drift = One();

        Assert.Equal((DriftKind.LabelsDiffer, "mesh-expansion-hello2-svc-2", "tier=gold", "no tier"), (drift.Kind, drift.Name!, drift.Expected!, drift.Actual!));
    }

    // Trap 7.
    [Fact]
    public void Network_OfClusterEnv_IsNotTheEntrys()
    {
        _world.PatchEntry(2, """{"spec":{"network":"vm-net"}}""");

        MeshDrift drift = One();

        Assert.Equal((DriftKind.NetworkDiffers, "cluster.env", "vm-net"), (drift.Kind, drift.Name!, drift.Expected!));
        Assert.Null(drift.Actual);
        Assert.Contains("Network = 'vm-net'", drift.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void Network_OfTheList_IsNotTheEntrys()
    {
        Vm2.Env = SidecarWorld.Env(2, ("ISTIO_META_NETWORK", "vm-net"));
        string vms = SidecarWorld.Vms.Replace("Version = 'v2'", "Version = 'v2'; Network = 'vm-net'", StringComparison.Ordinal);

        MeshDrift drift = Assert.Single(Find("$vms | Get-MeshDrift", vms));

        Assert.Equal((DriftKind.NetworkDiffers, "mesh-expansion-hello2-svc-2", "vm-net"), (drift.Kind, drift.Name!, drift.Expected!));
        Assert.Contains("New-MeshVmApp -ServiceName 'hello2-svc' -Port 'http:8001'", drift.Command, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ISTIO_NAMESPACE", "elsewhere", DriftKind.NamespaceDiffers)]
    [InlineData("SERVICE_ACCOUNT", "robot", DriftKind.ServiceAccountDiffers)]
    public void Identity_OfClusterEnv_IsNotTheEntrys(string name, string value, DriftKind kind)
    {
        Vm2.Env = SidecarWorld.Env(2, (name, value));

        MeshDrift drift = One();

        Assert.Equal((kind, value), (drift.Kind, drift.Actual!));
    }

    [Fact]
    public void EntryWithoutVm_IsJudgedOnlyWithAList()
    {
        _world.AddEntry("ghost", "192.168.0.99");

        Assert.Empty(Find("Get-MeshDrift"));
        MeshDrift drift = One();
        Assert.Equal((DriftKind.EntryWithoutVm, "ghost", "192.168.0.99"), (drift.Kind, drift.Name!, drift.Address!));
        AssertMended(drift);
    }

    [Fact]
    public void VmWithoutEntry_IsRegisteredByItsCommand()
    {
        string vms = SidecarWorld.Vms.Replace("; ", " ", StringComparison.Ordinal);
        vms = SidecarWorld.Vms.TrimEnd(' ', ';') + ", @{ Name = 'vm4'; Address = '192.168.0.173' }; ";
        _world.Sidecars["vm4"] = _world.Sidecars["vm1"];
        _world.Sidecars["vm4"].Env = SidecarWorld.Env(1, ("ISTIO_METAJSON_LABELS", """{"app":"hello-workload","version":"v1"}"""));

        MeshDrift drift = Assert.Single(Find("$vms | Get-MeshDrift", vms));

        Assert.Equal((DriftKind.VmWithoutEntry, "vm4", "192.168.0.173"), (drift.Kind, drift.VmName!, drift.Address!));
        AssertMended(drift, vms);
    }

    // Trap 5.
    [Fact]
    public void Duplicate_SameAddressAndNetwork_NamesBoth()
    {
        _world.AddEntry("mesh-expansion-hello2-svc-9", FakeScenario.Vm(2), labels: "\"app\":\"hello-workload\",\"version\":\"v2\"");

        MeshDrift drift = One();

        Assert.Equal(DriftKind.DuplicateAddress, drift.Kind);
        Assert.Equal("mesh-expansion-hello2-svc-2, mesh-expansion-hello2-svc-9", drift.Actual);
        Assert.Equal(("mesh-expansion-hello2-svc-9", "vm2"), (drift.Name!, drift.VmName!));
        AssertMended(drift);
    }

    [Fact]
    public void Duplicate_ThatIsGone_IsTheOneToRemove()
    {
        _world.AddEntry(
            "hello2-192.168.0.171", FakeScenario.Vm(2), labels: "\"app\":\"hello-workload\",\"version\":\"v2\"",
            annotations: "\"istio.io/autoRegistrationGroup\":\"hello2\",\"istio.io/disconnectedAt\":\"2026-05-04T11:59:00Z\"");
        _world.Mesh.ControlPlane.Seed(KubernetesKind.WorkloadGroup, """{"metadata":{"name":"hello2","namespace":"hello"}}""");

        MeshDrift drift = One();

        Assert.Equal((DriftKind.DuplicateAddress, "hello2-192.168.0.171"), (drift.Kind, drift.Name!));
    }

    [Fact]
    public void Duplicate_OtherNetwork_IsFine()
    {
        _world.AddEntry("mesh-expansion-hello2-svc-9", FakeScenario.Vm(2), more: ",\"network\":\"b\"", labels: "\"app\":\"hello-workload\",\"version\":\"v2\"");

        Assert.DoesNotContain(Find("Get-MeshDrift"), drift => drift.Kind == DriftKind.DuplicateAddress);
    }

    [Fact]
    public void Duplicate_TwoServicesOnOneVm_IsFine()
    {
        _world.Mesh.ControlPlane.Seed(KubernetesKind.ServiceEntry, """
            {"metadata":{"name":"other","namespace":"hello"},
             "spec":{"hosts":["other-svc.hello.svc.cluster.local"],"workloadSelector":{"labels":{"app":"other"}}}}
            """);
        _world.AddEntry("mesh-expansion-other-svc-1", FakeScenario.Vm(2), labels: "\"app\":\"other\"");

        Assert.Empty(Find("Get-MeshDrift"));
    }

    [Theory]
    [InlineData("11:00:00", DriftKind.EntryDisconnected)]
    [InlineData("11:58:00", null)]
    public void Disconnected_ForLong_IsLeftOver(string time, DriftKind? kind)
    {
        _world.PatchEntry(2, $$$"""{"metadata":{"annotations":{"istio.io/autoRegistrationGroup":"hello2","istio.io/connectedAt":"2026-05-04T09:00:00Z","istio.io/disconnectedAt":"2026-05-04T{{{time}}}Z"} } }""");
        _world.Mesh.ControlPlane.Seed(KubernetesKind.WorkloadGroup, """{"metadata":{"name":"hello2","namespace":"hello"}}""");

        Assert.Equal(kind, Find("Get-MeshDrift").SingleOrDefault()?.Kind);
    }

    [Fact]
    public void GroupGone_IsSaid()
    {
        _world.PatchEntry(2, """{"metadata":{"annotations":{"istio.io/autoRegistrationGroup":"gone"}}}""");

        MeshDrift drift = Assert.Single(Find("Get-MeshDrift"));

        Assert.Equal((DriftKind.GroupMissing, "gone"), (drift.Kind, drift.Expected!));
        AssertMended(drift);
    }

    [Fact]
    public void NotSelected_IsSaidWithWhatWouldSelectIt()
    {
        _world.PatchEntry(2, """{"spec":{"labels":{"app":"typo"}}}""");

        MeshDrift drift = Find("$vms | Get-MeshDrift").Single(item => item.Kind == DriftKind.EntryNotSelected);

        Assert.Equal(("mesh-expansion-hello2-svc-2", "app=hello-workload"), (drift.Name!, drift.Expected!));
        AssertMended(drift);
    }

    [Fact]
    public void NotSelected_ByAServicesSelector_IsFine()
    {
        _world.AddEntry("by-service", "192.168.0.99", labels: "\"app\":\"hello1-deploy\"");

        Assert.Empty(Find("Get-MeshDrift"));
    }

    // Trap 8.
    [Fact]
    public void PortName_ThatTheServiceEntryLacks_IsSaid()
    {
        _world.PatchEntry(2, """{"spec":{"ports":{"http":8001}}}""");

        MeshDrift drift = One();

        Assert.Equal((DriftKind.PortUnknown, "http-8001", "http"), (drift.Kind, drift.Expected!, drift.Actual!));
        AssertMended(drift);
    }

    [Fact]
    public void ServiceName_Narrows()
    {
        _world.AddEntry("orphan", "192.168.0.98", labels: "\"app\":\"nobody\"");
        _world.AddEntry("ghost", "192.168.0.99");

        MeshDrift drift = Assert.Single(Find("$vms | Get-MeshDrift hello2-svc"));

        Assert.Equal("ghost", drift.Name);
    }

    [Fact]
    public void VmUnreachable_IsOneErrorAndItsMeshFindingsStillCome()
    {
        _world.PatchEntry(2, """{"spec":{"labels":{"version":"v1"}}}""");
        _world.Mesh.Vms.ConnectFailures["vm2"] = new MeshException(MeshErrorCode.VmUnreachable, "VM 'vm2' is down.");
        _world.Sidecars["vm3"].Service = "inactive";
        _world.Sidecars["vm3"].Capture = "none";

        ScriptRun run = _world.Mesh.Run(SidecarWorld.Vms + "$vms | Get-MeshDrift");

        Assert.Equal("VmUnreachable", Assert.Single(run.ErrorIds));
        Assert.Equal("vm2", ((MeshVm)run.Errors[0].TargetObject).Name);
        Assert.Equal(
            [(DriftKind.VersionDiffers, "vm2"), (DriftKind.SidecarStopped, "vm3")],
            run.OutputAs<MeshDrift>().Select(drift => (drift.Kind, drift.VmName!)).Order());
    }

    [Fact]
    public void Piping_FindingsReachTheirVmAgain()
    {
        Vm2.Service = "inactive";

        ScriptRun run = _world.Mesh.Run(SidecarWorld.Vms + "$vms | Get-MeshDrift | Get-VmSidecar");

        Assert.All(run.OutputAs<VmSidecar>(), sidecar => Assert.Equal("vm2", sidecar.VmName));
        Assert.NotEmpty(run.Output);
    }

    [Fact]
    public void View_ShowsWhatMatters()
    {
        _world.PatchEntry(2, """{"spec":{"labels":{"version":"v1"}}}""");

        string table = _world.Mesh.Host.Render(SidecarWorld.Vms + "$vms | Get-MeshDrift");

        foreach (string text in new[] { "Severity", "VersionDiffers", "vm2", "Error" })
        {
            Assert.Contains(text, table, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly()
    {
        _world.Mesh.Vms.OnRun = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("unreachable");
        };
        using RunningScript running = _world.Mesh.Host.Start(SidecarWorld.Vms + "$vms | Get-MeshDrift");
        running.WaitUntil(() => _world.Mesh.Vms.Commands.Count == 3, "all VMs are asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
    }

    private MeshDrift One() => Assert.Single(Find("$vms | Get-MeshDrift"));

    private MeshDrift[] Find(string command, string? vms = null)
    {
        ScriptRun run = _world.Mesh.Run((vms ?? SidecarWorld.Vms) + command);
        Assert.Empty(run.Errors);
        return [.. run.OutputAs<MeshDrift>()];
    }

    // Runs the finding's own command and looks again.
    private void AssertMended(MeshDrift drift, string? vms = null)
    {
        ScriptRun run = _world.Mesh.Run($"$ConfirmPreference = 'None'; {drift.Command}");
        Assert.Empty(run.Errors);
        Assert.DoesNotContain(
            Find("$vms | Get-MeshDrift", vms), item => (item.Kind, item.Name, item.VmName) == (drift.Kind, drift.Name, drift.VmName));
    }
}
