using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>-Verbose of every cmdlet names the plane, URL or VM it talks to.</summary>
public sealed class VerboseTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public VerboseTests()
    {
        foreach (FakeKubernetesApi api in new[] { _mesh.DataPlane, _mesh.ControlPlane })
        {
            api.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        }
    }

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("Get-MeshConnection", "https://data.invalid")]
    [InlineData("Get-MeshPod", "https://data.invalid")]
    [InlineData("Get-MeshService", "https://data.invalid")]
    [InlineData("Get-MeshVmApp", "https://control.invalid")]
    [InlineData("Get-WorkloadEntry", "https://control.invalid")]
    [InlineData("'10.0.0.1' | New-MeshVmApp a http:80", "https://control.invalid")]
    [InlineData("Remove-MeshVmApp a -Confirm:$false", "https://data.invalid")]
    [InlineData("'10.0.0.1' | Set-WorkloadEntryVersion v1", "https://control.invalid")]
    [InlineData("Disconnect-Mesh", "https://control.invalid")]
    [InlineData("@{ Name = 'vm1'; Address = '10.0.0.1' } | Get-VmApp", "VM 'vm1'")]
    [InlineData("@{ Name = 'vm1'; Address = '10.0.0.1' } | Get-VmHostRecord", "VM 'vm1'")]
    [InlineData("@{ Name = 'vm1'; Address = '10.0.0.1' } | Test-MeshPath http://a.invalid/", "VM 'vm1'")]
    public void Verbose_OfACmdlet_NamesWhomItTalksTo(string command, string expected)
    {
        ScriptRun run = _mesh.Run($"{command} -Verbose");

        Assert.Contains(run.Verbose, text => text.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Verbose_OfRemoveMeshManifest_NamesThePlaneOfEachObject()
    {
        using ManifestFolder folder = new ManifestFolder().With("a.yaml", """
            apiVersion: v1
            kind: Service
            metadata: { name: a, namespace: hello }
            """);

        ScriptRun run = _mesh.Run($"Remove-MeshManifest '{folder.Path}' -Confirm:$false -Verbose");

        Assert.Contains(run.Verbose, text => text.Contains("Service hello/a on the data plane", StringComparison.Ordinal));
    }
}
