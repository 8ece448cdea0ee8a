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

    /// <summary>Whether one API server serves both planes, as with plain Istio.</summary>
    public bool IsSingleCluster => !_ownsControlPlane;

    /// <summary>
    /// What messages call a plane: <c>data plane</c>, <c>control plane</c>, or <c>cluster</c> for both.
    /// </summary>
    public string NameOf(MeshPlane plane) =>
        IsSingleCluster ? "cluster" : plane == MeshPlane.Data ? "data plane" : "control plane";

    /// <summary>
    /// The kind in the version the plane serves: the one given when it is served, else the group's preferred one.
    /// </summary>
    /// <exception cref="MeshException">KindNotServed, naming the kind and the plane.</exception>
    public async Task<KubernetesKind> ServedKindAsync(
        MeshPlane plane, KubernetesKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kind);
        IReadOnlyList<KubernetesKind> served = await this[plane].DiscoverAsync(cancellationToken).ConfigureAwait(false);
        return KubernetesKinds.Pick(served, kind.Group, kind.Kind, kind.Version)
            ?? KubernetesKinds.Pick(served, kind.Group, kind.Kind)
            ?? throw KubernetesKinds.NotServed(this, plane, kind.Group, kind.Kind);
    }

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
