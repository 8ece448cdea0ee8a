using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class RemoveMeshManifestCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();
    private readonly ManifestFolder _folder = new();

    public RemoveMeshManifestCommandTests()
    {
        _folder.With("a.yaml", ManifestFolder.Namespace, ManifestFolder.Deployment, ManifestFolder.Gateway);
        _mesh.Host.With("folder", _folder.Path).Expect("Publish-MeshManifest $folder");
    }

    public void Dispose()
    {
        _mesh.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Removes_InReverseOrder_ThenUnchanged()
    {
        ScriptRun run = _mesh.Run("Remove-MeshManifest $folder -Confirm:$false");
        ScriptRun again = _mesh.Run("Remove-MeshManifest $folder -Confirm:$false");

        Assert.Equal(
            ["Gateway", "Deployment", "Namespace", "Namespace"], run.OutputAs<MeshObject>().Select(item => item.Kind));
        Assert.All(run.OutputAs<MeshObject>(), item => Assert.Equal(ChangeAction.Removed, item.Action));
        Assert.Empty(again.Errors);
        Assert.All(again.OutputAs<MeshObject>(), item => Assert.Equal(ChangeAction.Unchanged, item.Action));
    }

    [Fact]
    public void WhatIf_ChangesNothing()
    {
        int writes = _mesh.DataPlane.Writes.Count + _mesh.ControlPlane.Writes.Count;

        ScriptRun run = _mesh.Run("Remove-MeshManifest $folder -WhatIf");

        Assert.Empty(run.Output);
        Assert.Contains("remove, with everything in it", run.HostText);
        Assert.Contains("Gateway hello/hello-gateway on the control plane", run.HostText);
        Assert.Equal(writes, _mesh.DataPlane.Writes.Count + _mesh.ControlPlane.Writes.Count);
    }

    [Fact]
    public void Confirm_IsAskedByDefault()
    {
        List<string> asked = [];
        _mesh.Host.Host.Choose = question =>
        {
            asked.Add(question);
            return 2; // No
        };

        _mesh.Run("Remove-MeshManifest $folder");

        Assert.NotEmpty(asked);
        Assert.NotNull(_mesh.ControlPlane.Peek(KubernetesKind.Gateway, "hello", "hello-gateway"));
    }

    [Fact]
    public void MissingFile_IsFileNotFound()
    {
        ScriptRun run = _mesh.Run("Remove-MeshManifest $folder/none.yaml -Confirm:$false");

        Assert.Equal(["FileNotFound"], run.ErrorIds);
    }

    [Fact]
    public void Stop_WhileRemoving_EndsWithinASecond()
    {
        _mesh.ControlPlane.OnCall = (_, token) => Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Host.Start("Remove-MeshManifest $folder -Confirm:$false");
        running.WaitUntil(() => _mesh.ControlPlane.Calls.Count > 4, "the server was asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
    }
}
