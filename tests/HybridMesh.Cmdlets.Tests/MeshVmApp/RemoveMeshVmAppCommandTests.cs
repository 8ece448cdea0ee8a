using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class RemoveMeshVmAppCommandTests : IDisposable
{
    private const string New = "New-MeshVmApp hello2-svc http:8001 -Label @{ app = 'a' }";

    private readonly FakeMesh _mesh = new();

    public RemoveMeshVmAppCommandTests()
    {
        _mesh.DataPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.ControlPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, """
            { "metadata": { "name": "mesh-expansion-hello2-svc-x-1", "namespace": "hello" },
              "spec": { "address": "10.0.0.1", "labels": { "app": "other" } } }
            """);
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Undo_LeavesTheObjectsAsBefore()
    {
        string before = Everything();
        _mesh.Run($"'10.0.0.1', '10.0.0.2' | {New}; Set-WorkloadEntryVersion -InputObject '10.0.0.2' v2");
        Assert.NotEqual(before, Everything());

        ScriptRun run = _mesh.Run("Remove-MeshVmApp hello2-svc -Confirm:$false");

        Assert.Empty(run.Errors);
        MeshVmApp app = Assert.Single(run.OutputAs<MeshVmApp>());
        Assert.Equal(4, app.Objects.Count);
        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Removed, item.Action));
        Assert.Equal(before, Everything());
    }

    [Fact]
    public void Undo_OfAServiceThatExistedBefore_LeavesIt()
    {
        _mesh.DataPlane.Seed(KubernetesKind.Service, """
            { "metadata": { "name": "hello2-svc", "namespace": "hello" }, "spec": { "ports": [{ "port": 8001 }] } }
            """);
        string before = Everything();
        _mesh.Run($"'10.0.0.1' | {New}");

        MeshVmApp app = Assert.Single(
            _mesh.Run("Remove-MeshVmApp hello2-svc -Confirm:$false").OutputAs<MeshVmApp>());

        Assert.Equal(ChangeAction.Unchanged, app.Objects.Single(item => item.Kind == "Service").Action);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public void SecondRun_RemovesNothingAndSaysUnchanged()
    {
        _mesh.Run($"'10.0.0.1' | {New}; Remove-MeshVmApp hello2-svc -Confirm:$false");
        int writes = _mesh.ControlPlane.Writes.Count;

        ScriptRun run = _mesh.Run("Remove-MeshVmApp hello2-svc -Confirm:$false");

        Assert.Empty(run.Errors);
        MeshVmApp app = Assert.Single(run.OutputAs<MeshVmApp>());
        Assert.NotEmpty(app.Objects);
        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Unchanged, item.Action));
        Assert.Equal(writes, _mesh.ControlPlane.Writes.Count);
    }

    [Fact]
    public void ObjectsOfAnotherMaker_StayWithAWarning()
    {
        _mesh.ControlPlane.Seed(KubernetesKind.ServiceEntry, """
            { "metadata": { "name": "mesh-expansion-hello2-svc", "namespace": "hello" }, "spec": { "hosts": ["a.b"] } }
            """);
        string before = Everything();

        ScriptRun run = _mesh.Run("Remove-MeshVmApp hello2-svc -Confirm:$false");

        Assert.Contains("-Provider Asm", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public void WhatIf_NamesEveryObject_AndRemovesNone()
    {
        _mesh.Run($"'10.0.0.1' | {New}");
        string before = Everything();

        ScriptRun run = _mesh.Run("Remove-MeshVmApp hello2-svc -WhatIf");

        Assert.Empty(run.Output);
        Assert.Equal(before, Everything());
        foreach (string name in new[] { "Service hello/hello2-svc", "ServiceEntry hello/mesh-expansion-hello2-svc",
            "WorkloadEntry hello/mesh-expansion-hello2-svc-1" })
        {
            Assert.Contains(name, run.HostText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pipeline_FromGet_RemovesEachApp()
    {
        _mesh.Run($"'10.0.0.1' | {New}; '10.0.0.1' | New-MeshVmApp other http:9001");

        ScriptRun run = _mesh.Run("Get-MeshVmApp | Remove-MeshVmApp -Confirm:$false");

        Assert.Equal(["hello2-svc", "other"], run.OutputAs<MeshVmApp>().Select(app => app.ServiceName));
        Assert.Empty(_mesh.Run("Get-MeshVmApp").Output);
    }

    [Fact]
    public void Stop_WhileRemoving_EndsWithinASecond()
    {
        _mesh.Run($"'10.0.0.1' | {New}");
        _mesh.ControlPlane.OnCall = (call, token) => call.Verb == "delete" ? Task.Delay(-1, token) : Task.CompletedTask;
        using RunningScript running = _mesh.Host.Start("Remove-MeshVmApp hello2-svc -Confirm:$false");
        running.WaitUntil(() => _mesh.ControlPlane.Calls.Any(call => call.Verb == "delete"), "a delete");

        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
    }

    private string Everything()
    {
        KubernetesKind[] kinds = [KubernetesKind.WorkloadEntry, KubernetesKind.ServiceEntry, KubernetesKind.Service];
        return string.Join('\n', kinds.SelectMany(kind => new[] { _mesh.DataPlane, _mesh.ControlPlane }.SelectMany(
            api => api.ListAsync(kind, null, null, default).ToBlockingEnumerable().Select(item => item.ToJsonString()))));
    }
}
