using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetMeshVmAppCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public GetMeshVmAppCommandTests()
    {
        _mesh.DataPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.ControlPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.Run("""
            '10.0.0.1', '10.0.0.2' | New-MeshVmApp hello2-svc http:8001, grpc:7001 -Label @{ app = 'a' } -ServiceAccount sa
            '10.0.0.1' | New-MeshVmApp other http:9001
            """);
        _mesh.ControlPlane.Seed(KubernetesKind.ServiceEntry, """
            { "metadata": { "name": "something-else", "namespace": "hello" }, "spec": { "hosts": ["a.b"] } }
            """);
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void All_GivesTheAppsOnly()
    {
        IReadOnlyList<MeshVmApp> apps = _mesh.Run("Get-MeshVmApp").OutputAs<MeshVmApp>();

        Assert.Equal(["hello2-svc", "other"], apps.Select(app => app.ServiceName));
        Assert.Equal("hello2-svc.hello.svc.cluster.local", apps[0].Host);
        Assert.Equal(["http:8001", "grpc:7001"], apps[0].Ports.Select(port => port.ToString()));
        Assert.Equal("a", apps[0].Labels["app"]);
        Assert.Equal("sa", apps[0].ServiceAccount);
        Assert.Equal(MeshProvider.Istio, apps[0].Provider);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], apps[0].WorkloadEntries.Select(entry => entry.Address));
        Assert.Equal("app=other", Format(apps[1].Labels));
    }

    [Theory]
    [InlineData("Get-MeshVmApp hello*", "hello2-svc")]
    [InlineData("[pscustomobject]@{ ServiceName = 'other' } | Get-MeshVmApp", "other")]
    [InlineData("[pscustomobject]@{ Namespace = 'hello'; ServiceName = 'OTHER' } | Get-MeshVmApp", "other")]
    public void Name_ByPatternOrProperty_Selects(string script, string expected) =>
        Assert.Equal(expected, Assert.Single(_mesh.Run(script).OutputAs<MeshVmApp>()).ServiceName);

    [Fact]
    public void Name_Missing_IsAnErrorOnlyWithoutWildcards()
    {
        ScriptRun run = _mesh.Run("Get-MeshVmApp no-such, other");
        Assert.Equal("ObjectNotFound,HybridMesh.Cmdlets.GetMeshVmAppCommand", Assert.Single(run.Errors).FullyQualifiedErrorId);
        Assert.Equal("no-such", run.Errors[0].TargetObject);
        Assert.Single(run.Output);
        Assert.Empty(_mesh.Run("Get-MeshVmApp no-such*").Errors);
    }

    [Fact]
    public void View_ShowsTheApp()
    {
        string text = _mesh.Host.Render("Get-MeshVmApp other");
        Assert.Contains("http:9001", text, StringComparison.Ordinal);
        Assert.Contains("app=other", text, StringComparison.Ordinal);
    }

    private static string Format(IReadOnlyDictionary<string, string> labels) => HybridMesh.Internal.Format.Labels(labels);
}
