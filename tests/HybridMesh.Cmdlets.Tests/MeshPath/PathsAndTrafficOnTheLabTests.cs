using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>Each stage of a path failing for real, and a split measured for real.</summary>
public sealed class PathsAndTrafficOnTheLabTests(ScenarioLab scenario) : IClassFixture<ScenarioLab>
{
    private const string Hello3 = "http://hello3-svc." + ScenarioLab.Domain + ":8001/hello/svc";
    private const string FromHello1 = "-FromPod app=hello1-deploy";

    [Fact]
    public void VmToPod_Works()
    {
        IReadOnlyList<MeshPath> paths = Paths(
            "$pod = Get-MeshPod -Label app=hello3-deploy; $vms | Test-MeshPath -Uri \"http://$($pod.Address):8001/hello/pod\" -ExpectChain v1");
        Assert.Equal(["vm1", "vm2", "vm3"], paths.Select(path => path.From).Order());
        Assert.All(paths, path => Assert.True(path.Success, path.Detail));
        Assert.All(paths, path => Assert.Equal((HopKind.Pod, "v1", "Hello"), (path.Hops[0].Kind, path.Hops[0].Version, path.Hops[0].Greeting)));
        Assert.All(paths, path => Assert.True(path.Latency > TimeSpan.Zero));
    }

    [Fact]
    public void PodToEachVm_WorksAndTheHopIsAVm()
    {
        IReadOnlyList<MeshPath> paths = Paths($"$vms | Test-MeshPath {FromHello1} -Uri {{ \"http://$($_.Address):8001/hello/eric\" }}");
        Assert.Equal(["Hello", "Bonjour", "Hola"], paths.Select(path => path.Hops[0].Greeting));
        Assert.All(paths, path => Assert.Equal((true, HopKind.Vm), (path.Success, path.Hops[0].Kind)));
        Assert.All(paths, path => Assert.StartsWith("hello1-deploy-", path.From, StringComparison.Ordinal));
    }

    [Fact]
    public void VmWithoutHostRecord_FailsAtResolve()
    {
        MeshPath path = Assert.Single(Paths($"$vms[0] | Test-MeshPath {Hello3}"));
        Assert.Equal(PathStage.Resolve, path.FailedStage);
        Assert.Contains("Add-VmHostRecord -ServiceName hello3-svc", path.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VmWithWrongRecord_FailsAtHostsShadow()
    {
        _ = (await LabFixture.RunOnVmAsync(
            scenario.Lab.Vms[1], $"echo '127.0.0.2 hello3-svc.{ScenarioLab.Domain}' >> /etc/hosts")).Text;
        MeshPath path = Assert.Single(Paths($"$vms[1] | Test-MeshPath {Hello3}"));
        Assert.Equal(PathStage.HostsShadow, path.FailedStage);
        Assert.Contains("127.0.0.2", path.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void VmWithRightRecord_Works()
    {
        MeshPath path = Assert.Single(Paths(
            $"$vms[2] | Add-VmHostRecord -ServiceName hello3-svc | Out-Null; $vms[2] | Test-MeshPath {Hello3}"));
        Assert.True(path.Success, path.Detail);
        Assert.Single(path.ResolvedAddress);
    }

    [Fact]
    public void NobodyListens_FailsAtConnectFromEverywhere()
    {
        string uri = $"http://{scenario.Lab.Vms[0].Address}:9/";
        Assert.All(
            Paths($"$vms[1] | Test-MeshPath {uri}; Test-MeshPath {uri} {FromHello1}; Test-MeshPath {uri}"),
            path => Assert.Equal(PathStage.Connect, path.FailedStage));
    }

    [Fact]
    public void UnexpectedVersionOrLength_FailsAtVersionOrChain()
    {
        const string Target = "$pod = Get-MeshPod -Label app=hello3-deploy; Test-MeshPath -FromPod app=hello1-deploy -Uri \"http://$($pod.Address):8001/hello/x\"";
        Assert.Equal(PathStage.Version, Assert.Single(Paths($"{Target} -ExpectChain v9")).FailedStage);
        Assert.Equal(PathStage.Chain, Assert.Single(Paths($"{Target} -ExpectChain v1, v2")).FailedStage);
    }

    [Fact]
    public void TlsToAPlainPort_FailsAtTls() =>
        Assert.Equal(
            PathStage.Tls,
            Assert.Single(Paths($"$vms[0] | Test-MeshPath https://{scenario.Lab.Vms[0].Address}:8001/hello/x")).FailedStage);

    [Fact]
    public async Task Split_WithoutThenWithVersions_IsDiagnosedThenMeasured()
    {
        string service = $"http://hello2-svc.{ScenarioLab.Domain}:8001/hello/eric";
        MeshPath before = Assert.Single(Paths($"Test-MeshPath {service} {FromHello1}"));
        Assert.Equal((PathStage.Http, 503), (before.FailedStage, before.StatusCode));
        Assert.Contains("Set-WorkloadEntryVersion", before.Detail, StringComparison.Ordinal);
        ScriptRun failed = scenario.Host.Run($"Measure-TrafficShift {scenario.Entry} -VirtualService hello2-vs");
        Assert.Equal(["MeasurementFailed"], failed.ErrorIds);
        Assert.Contains("Set-WorkloadEntryVersion", failed.Errors[0].Exception.Message, StringComparison.Ordinal);

        scenario.Host.Expect("$vms | Set-WorkloadEntryVersion -ServiceName hello2-svc");
        await LabFixture.WaitForAsync(() => Task.FromResult(Paths($"Test-MeshPath {service} {FromHello1}")[0].Success));
        TrafficShiftResult few = Measure("-Count 100");
        Assert.Equal((Verdict.Undecided, 100), (few.Verdict, few.Attributed));
        Assert.Equal(Verdict.Consistent, Measure("-Count 2000").Verdict);
        Assert.Equal(Verdict.Inconsistent, Measure("-Count 300 -Expect @{ v1 = 10; v2 = 30; v3 = 60 }").Verdict);
        Assert.Empty(few.Errors);
        Assert.Equal(0, few.Unattributed);
        await UntilDecidedAsync();
    }

    private async Task UntilDecidedAsync()
    {
        TrafficShiftResult fits = Measure("-UntilDecided -Count 300");
        Assert.Equal((Verdict.Undecided, StopReason.Count, 300), (fits.Verdict, fits.StoppedBy, fits.Attributed));
        await scenario.Lab.AdminAsync("faults/mesh/weights/ignore");
        try
        {
            TrafficShiftResult absent = Measure("-UntilDecided -Count 5000");
            Assert.Equal((Verdict.Inconsistent, StopReason.Decided), (absent.Verdict, absent.StoppedBy));
            Assert.InRange(absent.DecidedAt!.Value, 5, 250);
            Assert.InRange(absent.Attributed, absent.DecidedAt.Value, 500);
        }
        finally
        {
            await scenario.Lab.AdminAsync("faults/mesh/weights/obey");
        }
    }

    private TrafficShiftResult Measure(string arguments) => (TrafficShiftResult)Assert.Single(
        scenario.Host.Expect($"Measure-TrafficShift {scenario.Entry} -VirtualService hello2-vs {arguments}")).BaseObject;

    private IReadOnlyList<MeshPath> Paths(string script) =>
        [.. scenario.Host.Expect(script).Select(item => (MeshPath)item.BaseObject)];
}
