using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class DisconnectMeshCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Connection_FromThePipeline_ClosesOnlyThatOne()
    {
        FakeKubernetesApi other = new();
        _mesh.Runtime.Add(new MeshSession(_mesh.Connection with { Id = Guid.NewGuid() }, other, other, null));

        ScriptRun run = _mesh.Host.With("c", _mesh.Connection).Run("$c | Disconnect-Mesh");

        Assert.Empty(run.Errors);
        Assert.True(_mesh.DataPlane.IsDisposed);
        Assert.False(other.IsDisposed);
    }

    [Fact]
    public void NothingConnected_IsNoError()
    {
        Assert.Empty(_mesh.Run("Disconnect-Mesh; Disconnect-Mesh").Errors);
    }

    [Fact]
    public void ClosedConnection_CannotBeUsed()
    {
        ScriptRun run = _mesh.Host.With("c", _mesh.Connection).Run("Disconnect-Mesh; Get-MeshPod -Connection $c");

        Assert.Equal(["NotConnected"], run.ErrorIds);
        Assert.Same(_mesh.Connection, run.Errors[0].TargetObject);
    }
}
