using System.Diagnostics;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets.Tests;

public sealed class CompleterTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public CompleterTests()
    {
        _mesh.DataPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.DataPlane.Seed(KubernetesKind.Service, """
            { "metadata": { "name": "hello3-svc", "namespace": "hello" }, "spec": { "clusterIP": "10.1.0.3", "ports": [ { "port": 8001 } ] } }
            """);
        _mesh.DataPlane.Seed(KubernetesKind.Service, """
            { "metadata": { "name": "far-svc", "namespace": "other" }, "spec": { "clusterIP": "10.1.0.4", "ports": [ { "port": 8001 } ] } }
            """);
        _mesh.DataPlane.Seed(KubernetesKind.Pod, """
            { "metadata": { "name": "hello1-x", "namespace": "hello", "labels": { "app": "hello1" } }, "spec": { "containers": [ { "name": "c" } ] } }
            """);
        _mesh.ControlPlane.Seed(KubernetesKind.VirtualService, """
            { "metadata": { "name": "one-vs", "namespace": "hello" }, "spec": { "hosts": ["a"], "http": [ { "name": "hello-route" }, {} ] } }
            """);
        _mesh.ControlPlane.Seed(KubernetesKind.VirtualService, """
            { "metadata": { "name": "two-vs", "namespace": "hello" }, "spec": { "hosts": ["b"], "http": [ { "name": "bye-route" } ] } }
            """);
    }

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("Get-MeshService -ServiceName hel", "hello3-svc")]
    [InlineData("Add-VmHostRecord -ServiceName ", "hello3-svc")]
    [InlineData("Get-MeshService -Namespace other -ServiceName ", "far-svc")]
    [InlineData("Get-MeshPod -Namespace h", "hello")]
    [InlineData("Get-MeshPod -Name hello", "hello1-x")]
    [InlineData("Test-MeshPath -FromPod ", "app=hello1 hello1-x")]
    [InlineData("Measure-TrafficShift -VirtualService ", "one-vs two-vs")]
    [InlineData("Measure-TrafficShift -Route ", "bye-route hello-route")]
    [InlineData("Measure-TrafficShift -VirtualService two-vs -Route ", "bye-route")]
    [InlineData("Get-TrafficShift ", "one-vs two-vs")]
    [InlineData("Set-TrafficShift two-vs -Route ", "bye-route")]
    [InlineData("Invoke-TrafficShift one-vs -Route ", "hello-route")]
    [InlineData("Resume-TrafficShift t", "two-vs")]
    [InlineData("Undo-TrafficShift o", "one-vs")]
    public void Argument_OffersNamesOfTheMesh(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', Complete(line).Select(match => match.CompletionText)));

    [Fact]
    public void Tooltip_SaysTheState() =>
        Assert.Equal("Service 10.1.0.3 8001", Assert.Single(Complete("Get-MeshService -ServiceName ")).ToolTip);

    [Fact]
    public void SlowServer_IsNotWaitedFor_AndTheNextKeyHasTheAnswer()
    {
        TaskCompletionSource answer = new();
        _mesh.DataPlane.OnCall = (_, _) => answer.Task;
        Complete("Measure-TrafficShift -VirtualService ");
        Stopwatch watch = Stopwatch.StartNew();
        Assert.DoesNotContain("hello3-svc", Texts());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        answer.SetResult();
        Assert.True(SpinWait.SpinUntil(() => Texts().Contains("hello3-svc"), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void FailingServer_OffersNothing()
    {
        _mesh.DataPlane.OnCall = (_, _) => throw new MeshException(MeshErrorCode.Forbidden, "no");
        Assert.DoesNotContain("hello3-svc", Texts());
    }

    [Fact]
    public void WithoutConnection_OpensNone()
    {
        _mesh.Run("Disconnect-Mesh");
        Assert.DoesNotContain("hello3-svc", Texts());
        Assert.Null(_mesh.Runtime.Current);
    }

    private string[] Texts() => [.. Complete("Get-MeshService -ServiceName ").Select(match => match.CompletionText)];

    private IEnumerable<CompletionResult> Complete(string line) =>
        ((CommandCompletion)_mesh.Host.With("line", line)
            .Expect("TabExpansion2 $line $line.Length")[0].BaseObject).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.ParameterValue);
}
