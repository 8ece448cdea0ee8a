namespace HybridMesh.Core;

/// <summary>The live side of a <see cref="MeshConnection"/>: the clients that commands work through.</summary>
public sealed class MeshSession : IAsyncDisposable
{
    private readonly bool _ownsControlPlane;

    /// <summary>Makes a session of two planes; the same object twice means a single cluster.</summary>
    public MeshSession(MeshConnection connection, IKubernetesApi dataPlane, IKubernetesApi controlPlane, IAsmApi? asm)
    {
        Connection = connection;
        DataPlane = dataPlane;
        ControlPlane = controlPlane;
        Asm = asm;
        _ownsControlPlane = !ReferenceEquals(dataPlane, controlPlane);
    }

    /// <summary>What was found when the connection was made.</summary>
    public MeshConnection Connection { get; }

    /// <summary>The API server of pods and Services.</summary>
    public IKubernetesApi DataPlane { get; }

    /// <summary>The API server of Istio's resources.</summary>
    public IKubernetesApi ControlPlane { get; }

    /// <summary>The ASM API; null without a mesh id.</summary>
    public IAsmApi? Asm { get; }

    /// <summary>The client of a plane.</summary>
    public IKubernetesApi this[MeshPlane plane] => plane == MeshPlane.Data ? DataPlane : ControlPlane;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DataPlane.DisposeAsync().ConfigureAwait(false);
        if (_ownsControlPlane)
        {
            await ControlPlane.DisposeAsync().ConfigureAwait(false);
        }

        if (Asm is not null)
        {
            await Asm.DisposeAsync().ConfigureAwait(false);
        }
    }
}
