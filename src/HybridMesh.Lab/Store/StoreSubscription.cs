using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace HybridMesh.Lab;

/// <summary>One watch: the objects it starts with and every later change of the kind, in order.</summary>
internal sealed class StoreSubscription : IDisposable
{
    private readonly Channel<StoreEvent> _changes = Channel.CreateUnbounded<StoreEvent>();
    private readonly ObjectStore _store;
    private readonly string _kind;

    /// <summary>Called under the store's lock.</summary>
    public StoreSubscription(
        ObjectStore store, string kind, long version, IReadOnlyList<JsonObject> items, IEnumerable<StoreEvent> missed)
    {
        _store = store;
        _kind = kind;
        Version = version;
        Items = items;
        foreach (StoreEvent change in missed)
        {
            _changes.Writer.TryWrite(change);
        }

        store.Changed += Queue;
    }

    /// <summary>The store's version when the watch began.</summary>
    public long Version { get; }

    public IReadOnlyList<JsonObject> Items { get; }

    public IAsyncEnumerable<StoreEvent> ReadAllAsync(CancellationToken cancellationToken) =>
        _changes.Reader.ReadAllAsync(cancellationToken);

    public void Dispose() => _store.Changed -= Queue;

    private void Queue(StoreEvent change)
    {
        if (change.Kind == _kind)
        {
            _changes.Writer.TryWrite(change);
        }
    }
}
