using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetMeshServiceCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public GetMeshServiceCommandTests()
    {
        _mesh.DataPlane.Seed(KubernetesKind.Service, """
            { "metadata": { "name": "hello1-svc", "namespace": "hello" },
              "spec": { "clusterIP": "10.2.0.1", "ports": [{ "name": "http", "port": 8004, "targetPort": 8001, "protocol": "TCP" }] } }
            """);
        _mesh.DataPlane.Seed(KubernetesKind.Service, """
            { "metadata": { "name": "hello3-svc", "namespace": "hello" },
              "spec": { "clusterIP": "None", "ports": [{ "port": 53, "protocol": "UDP" }] } }
            """);
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Service_HasClusterIPAndTypedPorts()
    {
        MeshService service = _mesh.Run("Get-MeshService hello1-svc").OutputAs<MeshService>()[0];

        Assert.Equal(("hello", "hello1-svc", "10.2.0.1"), (service.Namespace, service.ServiceName, service.ClusterIP));
        Assert.Equal(new MeshServicePort("http", 8004, "8001", "TCP"), Assert.Single(service.Ports));
    }

    [Theory]
    [InlineData("Get-MeshService", "hello1-svc hello3-svc")]
    [InlineData("Get-MeshService *3*", "hello3-svc")]
    [InlineData("[pscustomobject]@{ Namespace = 'hello'; ServiceName = 'hello3-svc' } | Get-MeshService", "hello3-svc")]
    [InlineData("Get-MeshService hello1-svc | Get-MeshService", "hello1-svc")]
    public void Filters_Select(string script, string expected)
    {
        ScriptRun run = _mesh.Run(script);

        Assert.Empty(run.Errors);
        Assert.Equal(expected, string.Join(' ', run.OutputAs<MeshService>().Select(service => service.ServiceName)));
    }

    [Fact]
    public void MissingName_IsAnErrorAboutIt()
    {
        ScriptRun run = _mesh.Run("Get-MeshService none");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Equal("none", run.Errors[0].TargetObject);
    }

    [Fact]
    public void NamespaceThatIsNotThere_IsAnErrorAboutIt()
    {
        ScriptRun run = _mesh.Run("Get-MeshService -Namespace helo");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Equal("helo", run.Errors[0].TargetObject);
    }

    [Fact]
    public void Forbidden_EndsTheCommandWithItsId()
    {
        _mesh.DataPlane.OnCall = (_, _) => throw new MeshException(MeshErrorCode.Forbidden, "no");

        Assert.Equal(["Forbidden"], _mesh.Run("Get-MeshService").ErrorIds);
    }

    [Fact]
    public void Stop_WhileListing_EndsWithinASecond()
    {
        _mesh.DataPlane.OnCall = (_, token) => Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Host.Start("Get-MeshService");
        running.WaitUntil(() => !_mesh.DataPlane.Calls.IsEmpty, "the server was asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
    }

    [Fact]
    public void View_ShowsPorts()
    {
        Assert.Contains("http 8004->8001", _mesh.Host.Render("Get-MeshService"));
    }
}
