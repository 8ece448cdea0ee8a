using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class TestMeshPathCommandTests : IDisposable
{
    private const string Service = "http://hello3-svc.hello.svc.cluster.local:8001/hello/svc";
    private const string Vms =
        "$vms = @{ Name = 'vm1'; Address = '192.168.0.170' }, @{ Name = 'vm2'; Address = '192.168.0.171' }, @{ Name = 'vm3'; Address = '192.168.0.172' };";

    private readonly FakeMesh _mesh = new();

    public TestMeshPathCommandTests()
    {
        FakeScenario.Seed(_mesh.DataPlane, _mesh.ControlPlane);
        _mesh.Vms.OnRun = (command, _) => Task.FromResult(
            FakeProbe.Answer(command.StandardInput, $"Hello svc({FakeScenario.Hello3Pod})", hosts: FakeScenario.Hello3ClusterIP));
        _mesh.DataPlane.OnExec = (exec, _) => Task.FromResult(
            FakeProbe.Answer(exec.Command[2], FakeScenario.Chain(2)));
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void VmsInThePipeline_EachIsTheOriginOfOnePath()
    {
        IReadOnlyList<MeshPath> paths = Paths($"{Vms} $vms | Test-MeshPath -Uri {Service}");
        Assert.Equal(["vm1", "vm2", "vm3"], paths.Select(path => path.From).Order());
        Assert.All(paths, path => Assert.Equal((true, 200, "curl"), (path.Success, path.StatusCode, path.Client)));
        Assert.All(paths, path => Assert.Equal((HopKind.Pod, "v1"), (path.Hops[0].Kind, path.Hops[0].Version)));
        Assert.All(paths, path => Assert.Equal(12.5, path.Latency!.Value.TotalMilliseconds));
        Assert.All(_mesh.Vms.Commands, command => Assert.Equal("sh -s", command.Command));
    }

    [Fact]
    public void FromVm_AsParameter_IsTheSame() =>
        Assert.Equal(3, Paths($"{Vms} Test-MeshPath {Service} -FromVm $vms").Count);

    [Fact]
    public void FromPod_PipelineOnlyFillsTheUri()
    {
        List<string> asked = [];
        _mesh.DataPlane.OnExec = (exec, _) =>
        {
            lock (asked)
            {
                asked.Add($"{exec.Pod}/{exec.Container}: {string.Join(' ', exec.Command.Take(2))}");
            }

            return Task.FromResult(FakeProbe.Answer(exec.Command[2], "Hello eric(192.168.0.170)<-Hello eric(172.18.1.36)"));
        };
        IReadOnlyList<MeshPath> paths =
            Paths(Vms + " $vms | Test-MeshPath -FromPod app=hello1-deploy -Uri { \"http://$($_.Address):8001/hello/eric\" }");
        Assert.Equal(
            ["http://192.168.0.170:8001/hello/eric", "http://192.168.0.171:8001/hello/eric", "http://192.168.0.172:8001/hello/eric"],
            paths.Select(path => path.Uri.ToString()));
        Assert.All(paths, path => Assert.Equal("hello1-deploy-7d4b9c", path.From));
        Assert.All(asked, line => Assert.Equal("hello1-deploy-7d4b9c/hello-v1-deploy: sh -c", line));
        Assert.Empty(_mesh.Vms.Connections);
        Assert.Equal([(HopKind.Vm, "v1"), (HopKind.Pod, "v1")], paths[0].Hops.Select(hop => (hop.Kind, hop.Version)));
    }

    [Fact]
    public void FromPod_ByName_WithImportedVms_BindsTheirUri()
    {
        _mesh.Host.With("typed", new MeshVm { Name = "vm9", Address = "192.168.0.172" });
        MeshPath path = Assert.Single(Paths(
            "$typed | Test-MeshPath -FromPod hello1-deploy-7d4b9c -Container istio-proxy -Uri { \"http://$($_.Address):8001/x\" }"));
        Assert.Equal("http://192.168.0.172:8001/x", path.Uri.ToString());
    }

    [Theory]
    [InlineData("-FromPod app=nope", "ObjectNotFound")]
    [InlineData("-FromPod nope", "ObjectNotFound")]
    [InlineData("-FromPod hello1-deploy-7d4b9c -Container nope", "ArgumentInvalid")]
    [InlineData("-FromPod { 'x' }", "ParameterArgumentTransformationError")]
    public void FromPod_Wrong_SaysWhatThereIs(string arguments, string errorId) =>
        Assert.Equal([errorId], _mesh.Run($"Test-MeshPath {Service} {arguments}").ErrorIds);

    [Theory]
    [InlineData("v1,v2,v1", null)]
    [InlineData("v1,*,v1", null)]
    [InlineData("v1,v3,v1", PathStage.Version)]
    [InlineData("v1,v2", PathStage.Chain)]
    public void ExpectChain_NamesTheStage(string chain, object? stage)
    {
        MeshPath path = Assert.Single(Paths(
            $"Test-MeshPath http://hello1-svc.hello.svc.cluster.local:8004/hello/eric -FromPod app=hello1-deploy -ExpectChain {chain.Replace("*", "'*'", StringComparison.Ordinal)}"));
        Assert.Equal(((PathStage?)stage, stage is null), (path.FailedStage, path.Success));
    }

    [Theory]
    [InlineData(6, PathStage.Resolve, "Add-VmHostRecord -ServiceName hello3-svc")]
    [InlineData(7, PathStage.Connect, "Get-VmApp")]
    [InlineData(35, PathStage.Tls, "TLS")]
    [InlineData(52, PathStage.Http, "no HTTP answer")]
    public void DeadPath_IsAResultWithItsStageAndRemedy(int exitCode, object stage, string remedy)
    {
        _mesh.Vms.OnRun = (command, _) =>
            Task.FromResult(FakeProbe.Failure(command.StandardInput, exitCode, $"curl: ({exitCode}) it said"));
        MeshPath path = Assert.Single(Paths($"@{{ Address = '192.168.0.170' }} | Test-MeshPath {Service}"));
        Assert.Equal((false, (PathStage)stage, null), (path.Success, path.FailedStage!.Value, path.StatusCode));
        Assert.Contains(remedy, path.Detail, StringComparison.Ordinal);
        Assert.Contains("it said", path.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongHostRecord_IsHostsShadow()
    {
        _mesh.Vms.OnRun = (command, _) => Task.FromResult(
            FakeProbe.Answer(command.StandardInput, "Hello svc(172.18.1.36)", hosts: "10.1.1.1"));
        MeshPath path = Assert.Single(Paths($"@{{ Address = '192.168.0.170' }} | Test-MeshPath {Service}"));
        Assert.Equal(PathStage.HostsShadow, path.FailedStage);
        Assert.Contains(FakeScenario.Hello3ClusterIP, path.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void UnreachableVm_IsAnErrorRecordWithThatVmAndTheOthersGoOn()
    {
        _mesh.Vms.ConnectFailures["vm2"] = new MeshException(MeshErrorCode.VmUnreachable, "VM 'vm2' refused port 22.");
        ScriptRun run = _mesh.Run($"{Vms} $vms | Test-MeshPath {Service}");
        Assert.Equal(["VmUnreachable"], run.ErrorIds);
        Assert.Equal("vm2", ((MeshVm)run.Errors[0].TargetObject).Name);
        Assert.Equal(["vm1", "vm3"], run.OutputAs<MeshPath>().Select(path => path.From).Order());
    }

    [Fact]
    public void NoHttpClient_IsAnErrorRecordNamingTheThree()
    {
        _mesh.Vms.OnRun = (command, _) => Task.FromResult(FakeProbe.NoClient(command.StandardInput));
        ErrorRecord error = Assert.Single(_mesh.Run($"@{{ Name = 'vm1'; Address = '192.168.0.170' }} | Test-MeshPath {Service}").Errors);
        Assert.Equal("NoHttpClient,HybridMesh.Cmdlets.TestMeshPathCommand", error.FullyQualifiedErrorId);
        Assert.All(["vm1", "curl", "wget", "bash"], word => Assert.Contains(word, error.Exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutConnection_TestsAllTheSameWithUnknownHops()
    {
        using CmdletHost host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
        MeshRuntime.For(host.Runspace).Shells = _mesh.Vms;
        MeshPath path = (MeshPath)host.Expect($"@{{ Address = '192.168.0.170' }} | Test-MeshPath {Service}")[0].BaseObject;
        Assert.True(path.Success);
        Assert.Equal(HopKind.Unknown, path.Hops[0].Kind);
    }

    [Fact]
    public void ForbiddenToAsk_WarnsAndTestsAllTheSame()
    {
        _mesh.DataPlane.OnCall = (call, _) => call.Verb == "list"
            ? Task.FromException(new MeshException(MeshErrorCode.Forbidden, "pods is forbidden"))
            : Task.CompletedTask;
        ScriptRun run = _mesh.Run($"{Vms} $vms | Test-MeshPath {Service}");
        Assert.Equal(3, run.OutputAs<MeshPath>().Count(path => path.Success));
        Assert.Contains("forbidden", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void FromHere_NobodyListens_FailsAtConnect()
    {
        MeshPath path = Assert.Single(Paths("Test-MeshPath http://127.0.0.1:1/"));
        Assert.Equal(("local", PathStage.Connect), (path.From, path.FailedStage!.Value));
    }

    [Fact]
    public void EmptyPipeline_TestsNothing() => Assert.Empty(_mesh.Run("@() | Test-MeshPath http://127.0.0.1:1/").Output);

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("127.0.0.1/hello")]
    [InlineData("http://me:secret@127.0.0.1/")]
    public void WrongUri_IsRefused(string uri)
    {
        ScriptRun run = _mesh.Run($"Test-MeshPath '{uri}'");
        Assert.Equal(["ArgumentInvalid"], run.ErrorIds);
        Assert.DoesNotContain("secret", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_NamesOriginAndUrl() =>
        Assert.Contains(
            _mesh.Run($"@{{ Name = 'vm1'; Address = '192.168.0.170' }} | Test-MeshPath {Service} -Verbose").Verbose,
            line => line.Contains("vm1", StringComparison.Ordinal) && line.Contains(Service, StringComparison.Ordinal));

    [Fact]
    public void Stop_WhileTesting_EndsWithinASecond()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _mesh.Vms.OnRun = async (_, token) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException();
        };
        using RunningScript running = _mesh.Host.Start($"{Vms} $vms | Test-MeshPath {Service}");
        running.WaitUntil(() => asked.Task.IsCompleted, "a probe");
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
    }

    [Fact]
    public void View_ShowsOriginStageAndHops()
    {
        string text = _mesh.Host.Render("Test-MeshPath http://hello1-svc:8004/hello/eric -FromPod app=hello1-deploy");
        Assert.Contains("hello1-deploy-7d4b9c", text, StringComparison.Ordinal);
        Assert.Contains("Pod v1 <- Vm v2 <- Pod v1", text, StringComparison.Ordinal);
    }

    private IReadOnlyList<MeshPath> Paths(string script) =>
        [.. _mesh.Host.Expect(script).Select(item => (MeshPath)item.BaseObject)];
}
