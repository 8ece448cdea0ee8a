using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetMeshPodCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public GetMeshPodCommandTests()
    {
        Seed("hello1-abc", "hello1", "v1", "True");
        Seed("hello3-def", "hello3", "v2", "False", """
            , "containerStatuses": [{ "name": "app",
                "state": { "waiting": { "reason": "ImagePullBackOff", "message": "no such image" } } }]
            """);
        foreach (string ns in new[] { "hello", "other" })
        {
            _mesh.DataPlane.Seed(KubernetesKind.Namespace, $$"""{ "metadata": { "name": "{{ns}}" } }""");
        }
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Pod_HasAddressVersionReadinessAndContainers()
    {
        MeshPod pod = _mesh.Run("Get-MeshPod").OutputAs<MeshPod>()[0];

        Assert.Equal(("hello", "hello1-abc", "10.1.0.1", "v1", true, "Running"),
            (pod.Namespace, pod.Name, pod.Address, pod.Version, pod.Ready, pod.Status));
        Assert.Equal(["app", "istio-proxy"], pod.Containers);
    }

    [Theory]
    [InlineData("Get-MeshPod", "hello1-abc hello3-def")]
    [InlineData("Get-MeshPod hello1*", "hello1-abc")]
    [InlineData("Get-MeshPod hello3-def, hello1*", "hello1-abc hello3-def")]
    [InlineData("Get-MeshPod -Label app=hello3", "hello3-def")]
    [InlineData("Get-MeshPod -Label @{ app = 'hello1'; version = 'v1' }", "hello1-abc")]
    [InlineData("Get-MeshPod -Label app=hello1,version=v2", "")]
    [InlineData("Get-MeshPod -Namespace other", "")]
    [InlineData(
        "[pscustomobject]@{ Namespace = 'hello'; VmName = 'vm1'; Name = 'vm1' } | Get-MeshPod", "hello1-abc hello3-def")]
    public void Filters_Select(string script, string expected)
    {
        ScriptRun run = _mesh.Run(script);

        Assert.Empty(run.Errors);
        Assert.Equal(expected, string.Join(' ', run.OutputAs<MeshPod>().Select(pod => pod.Name)));
    }

    [Fact]
    public void MissingName_IsAnErrorAboutItAndTheOthersAreGiven()
    {
        ScriptRun run = _mesh.Run("Get-MeshPod none, hello1-abc");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Equal("none", run.Errors[0].TargetObject);
        Assert.Single(run.Output);
    }

    [Fact]
    public void NamespaceThatIsNotThere_IsAnErrorAboutIt_AndTheNextIsListed()
    {
        ScriptRun run = _mesh.Run("'helo', 'hello' | ForEach-Object { @{ Namespace = $_ } } "
            + "| ForEach-Object { [pscustomobject]$_ } | Get-MeshPod");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Equal("helo", run.Errors[0].TargetObject);
        Assert.Contains("Namespace 'helo' does not exist", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Tab after -Namespace", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, run.Output.Count);
    }

    [Fact]
    public void NamespacesThatMayNotBeRead_AreTakenForEmpty()
    {
        _mesh.DataPlane.OnCall = (call, _) => call.Kind == "Namespace"
            ? Task.FromException(new MeshException(MeshErrorCode.Forbidden, "no"))
            : Task.CompletedTask;

        ScriptRun run = _mesh.Run("Get-MeshPod -Namespace helo");

        Assert.Empty(run.Errors);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void NotReady_SaysWhy()
    {
        MeshPod pod = _mesh.Run("Get-MeshPod hello3*").OutputAs<MeshPod>()[0];

        Assert.Equal((false, "ImagePullBackOff", "no such image"), (pod.Ready, pod.Status, pod.Detail));
    }

    [Fact]
    public void ScriptBlock_IsNeverTakenForALabel()
    {
        Assert.Equal(["ParameterArgumentTransformationError"], _mesh.Run("Get-MeshPod -Label { app=hello1 }").ErrorIds);
    }

    [Fact]
    public void Stop_WhileListing_EndsWithinASecond()
    {
        _mesh.DataPlane.OnCall = (_, token) => Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Host.Start("Get-MeshPod");
        running.WaitUntil(() => !_mesh.DataPlane.Calls.IsEmpty, "the server was asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
    }

    [Fact]
    public void View_ShowsNameAndStatus()
    {
        string text = _mesh.Host.Render("Get-MeshPod");

        Assert.Contains("app, istio-proxy", text);
        Assert.Contains("ImagePullBackOff", text);
    }

    private void Seed(string name, string app, string version, string ready, string more = "") =>
        _mesh.DataPlane.Seed(KubernetesKind.Pod, $$"""
            { "metadata": { "name": "{{name}}", "namespace": "hello", "labels": { "app": "{{app}}", "version": "{{version}}" } },
              "spec": { "containers": [{ "name": "app" }, { "name": "istio-proxy" }] },
              "status": { "phase": "Running", "podIP": "10.1.0.1",
                          "conditions": [{ "type": "Ready", "status": "{{ready}}" }] {{more}} } }
            """);
}
