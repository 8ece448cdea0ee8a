using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetWorkloadEntryCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public GetWorkloadEntryCommandTests()
    {
        _mesh.ControlPlane.Seed(KubernetesKind.ServiceEntry, """
            { "metadata": { "name": "se1", "namespace": "hello" },
              "spec": { "hosts": ["hello2-svc.hello.svc.cluster.local"], "workloadSelector": { "labels": { "app": "a" } } } }
            """);
        _mesh.ControlPlane.Seed(KubernetesKind.ServiceEntry, """
            { "metadata": { "name": "se2", "namespace": "hello" },
              "spec": { "hosts": ["all.example.com"], "workloadSelector": { "labels": { "tier": "vm" } } } }
            """);
        _mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, """
            { "metadata": { "name": "e1", "namespace": "hello" },
              "spec": { "address": "10.0.0.1", "labels": { "app": "a", "tier": "vm", "version": "v1" }, "weight": 5,
                        "locality": "r/z", "network": "n", "serviceAccount": "sa" },
              "status": { "conditions": [{ "type": "Healthy", "status": "True" }] } }
            """);
        _mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, """
            { "metadata": { "name": "e2", "namespace": "hello" },
              "spec": { "address": "10.0.0.2", "labels": { "app": "a" } } }
            """);
        _mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, """
            { "metadata": { "name": "e3", "namespace": "hello" }, "spec": { "address": "fd00::1" } }
            """);
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Entry_HasEverythingTheMeshSays()
    {
        WorkloadEntry entry = _mesh.Run("Get-WorkloadEntry").OutputAs<WorkloadEntry>()[0];

        Assert.Equal(("hello", "e1", "hello2-svc,all", "10.0.0.1", "v1"),
            (entry.Namespace, entry.Name, entry.ServiceName, entry.Address, entry.Version));
        Assert.Equal((5, "r/z", "n", "sa", "True"),
            (entry.Weight, entry.Locality, entry.Network, entry.ServiceAccount, entry.Health));
    }

    [Theory]
    [InlineData("Get-WorkloadEntry", "e1 e2 e3")]
    [InlineData("Get-WorkloadEntry hello*", "e1 e2")]
    [InlineData("Get-WorkloadEntry all", "e1")]
    [InlineData("Get-WorkloadEntry -Address 10.0.0.*", "e1 e2")]
    [InlineData("Get-WorkloadEntry -Address fd00:0::0001", "e3")]
    [InlineData("Get-WorkloadEntry -Version v1", "e1")]
    [InlineData("Get-WorkloadEntry -Version ''", "e2 e3")]
    [InlineData("Get-WorkloadEntry -ServiceName hello2-svc -Address 10.0.0.2", "e2")]
    [InlineData("[pscustomobject]@{ Address = '10.0.0.2'; Version = 'v9' } | Get-WorkloadEntry", "e2")]
    [InlineData("[pscustomobject]@{ Address = '10.0.0.2' }, [pscustomobject]@{ Address = '10.0.0.*' } | Get-WorkloadEntry", "e1 e2")]
    [InlineData("Get-WorkloadEntry -Namespace other", "")]
    public void Filters_Select(string script, string expected)
    {
        ScriptRun run = _mesh.Run(script);

        Assert.Empty(run.Errors);
        Assert.Equal(expected, string.Join(' ', run.OutputAs<WorkloadEntry>().Select(entry => entry.Name)));
        Assert.Single(_mesh.ControlPlane.Calls, call => call is { Verb: "list", Kind: "WorkloadEntry" });
    }

    [Fact]
    public void NotServed_IsTold()
    {
        _mesh.ControlPlane.Kinds.Clear();
        Assert.Equal(["KindNotServed"], _mesh.Run("Get-WorkloadEntry").ErrorIds);
    }

    [Fact]
    public void View_ShowsServiceAddressAndVersion()
    {
        string text = _mesh.Host.Render("Get-WorkloadEntry -Version v1");
        Assert.Contains("hello2-svc", text, StringComparison.Ordinal);
        Assert.Contains("10.0.0.1", text, StringComparison.Ordinal);
    }
}
