using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// What a session's clusters held a moment ago, for completion: a key press must never wait long, so the last
/// answer is given while a new one is on its way.
/// </summary>
internal sealed class ObjectSnapshots
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The objects of a kind as last known; empty when they are not known within 150 ms.</summary>
    public IReadOnlyList<JsonObject> Get(MeshSession session, MeshPlane plane, KubernetesKind kind, string? ns)
    {
        string key = $"{session.Connection.Id}/{plane}/{kind.Kind}/{ns}";
        Entry entry = _entries.GetOrAdd(key, _ => new Entry());
        entry.Refresh(() => ListAsync(session, plane, kind, ns), Patience);
        return entry.Items;
    }

    private static async Task<IReadOnlyList<JsonObject>> ListAsync(
        MeshSession session, MeshPlane plane, KubernetesKind kind, string? ns)
    {
        using CancellationTokenSource limit = new(Longest);
        KubernetesKind served = await session.ServedKindAsync(plane, kind, limit.Token).ConfigureAwait(false);
        List<JsonObject> items = [];
        await foreach (JsonObject item in session[plane].ListAsync(served, ns, null, limit.Token).ConfigureAwait(false))
        {
            items.Add(item);
        }

        return items;
    }

    private sealed class Entry
    {
        private readonly object _lock = new();
        private Task _refresh = Task.CompletedTask;
        private long _readAt;

        public IReadOnlyList<JsonObject> Items { get; private set; } = [];

        public void Refresh(Func<Task<IReadOnlyList<JsonObject>>> list, TimeSpan patience)
        {
            Task refresh;
            lock (_lock)
            {
                bool isFresh = _readAt > 0 && TimeProvider.System.GetElapsedTime(_readAt) < Fresh;
                _refresh = isFresh || !_refresh.IsCompleted ? _refresh : Task.Run(() => ReadAsync(list));
                refresh = _refresh;
            }

            refresh.Wait(patience);
        }

        // Whatever goes wrong, completion offers what was known before: an error at a key press helps nobody.
        private async Task ReadAsync(Func<Task<IReadOnlyList<JsonObject>>> list)
        {
            try
            {
                Items = await list().ConfigureAwait(false);
                _readAt = TimeProvider.System.GetTimestamp();
            }
            catch (Exception e) when (e is MeshException or OperationCanceledException or ObjectDisposedException)
            {
            }
        }
    }
}
