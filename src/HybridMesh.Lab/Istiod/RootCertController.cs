using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace HybridMesh.Lab;

/// <summary>
/// Keeps the mesh's root certificate in every namespace of the data plane, and the ServiceAccount <c>default</c>: what
/// someone deletes or changes comes back, as in a cluster with its controllers.
/// </summary>
internal sealed class RootCertController : IAsyncDisposable
{
    private static readonly string[] Kinds = ["Namespace", "ConfigMap", "ServiceAccount"];
    private readonly ObjectStore _dataPlane;
    private readonly MeshConfigMaps _maps;
    private readonly Channel<string> _namespaces = Channel.CreateUnbounded<string>();
    private readonly Task _loop;

    public RootCertController(ObjectStore dataPlane, MeshConfigMaps maps)
    {
        _dataPlane = dataPlane;
        _maps = maps;
        dataPlane.Changed += OnChanged;
        foreach (JsonObject ns in dataPlane.List("Namespace"))
        {
            maps.WriteRoot(dataPlane, ns.Name());
        }

        _loop = Task.Run(FollowAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _dataPlane.Changed -= OnChanged;
        _namespaces.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private void OnChanged(StoreEvent change)
    {
        bool ours = change.Item.Name() is MeshConfigMaps.RootName or "default" || change.Kind == "Namespace";
        if (ours && Kinds.Contains(change.Kind))
        {
            _namespaces.Writer.TryWrite(change.Kind == "Namespace" ? change.Item.Name() : change.Item.Namespace());
        }
    }

    private async Task FollowAsync()
    {
        await foreach (string ns in _namespaces.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            _maps.WriteRoot(_dataPlane, ns);
            StandardNamespaces.Furnish(_dataPlane, ResourceTypes.DataPlane, ns);
        }
    }
}
