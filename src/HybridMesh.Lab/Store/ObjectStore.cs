using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>A change of one object; the object is a private copy of the reader.</summary>
public sealed record StoreEvent(string Type, string Kind, JsonObject Item, long ResourceVersion)
{
    /// <summary>The object before the change; null when it is new.</summary>
    public JsonObject? Previous { get; init; }
}

/// <summary>
/// The objects of one API server, in the form of the kind's stored version. Readers get deep copies, writers go
/// through <see cref="Update"/>, which compares and sets under one lock; every change is told to <see cref="Changed"/>
/// in order.
/// </summary>
public sealed class ObjectStore(string plane, TimeProvider clock)
{
    /// <summary>How many changes a watch may lie behind before it is told to list again.</summary>
    private const int HistoryLength = 5000;

    private readonly object _gate = new();
    private readonly Queue<StoreEvent> _history = new();
    private readonly Dictionary<(string Kind, string Namespace, string Name), JsonObject> _objects = [];
    private long _version = 1000;

    /// <summary>Raised under the store's lock: only queue, never call back.</summary>
    public event Action<StoreEvent>? Changed;

    public string Plane => plane;

    public long CurrentVersion { get { lock (_gate) { return _version; } } }

    public JsonObject? Find(string kind, string? ns, string name)
    {
        lock (_gate)
        {
            return _objects.TryGetValue((kind, ns ?? "", name), out JsonObject? found)
                ? found.DeepClone().AsObject() : null;
        }
    }

    public IReadOnlyList<JsonObject> List(string kind, string? ns = null)
    {
        lock (_gate)
        {
            return [.. _objects
                .Where(pair => pair.Key.Kind == kind && (ns is null || pair.Key.Namespace == ns))
                .OrderBy(pair => pair.Key.Namespace, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Name, StringComparer.Ordinal)
                .Select(pair => pair.Value.DeepClone().AsObject())];
        }
    }

    /// <summary>
    /// Gives the stored object (null when there is none) to <paramref name="change"/> and stores what it returns; null
    /// deletes. An unchanged object keeps its resourceVersion. Sets uid, creationTimestamp and resourceVersion.
    /// </summary>
    public JsonObject? Update(string kind, string? ns, string name, Func<JsonObject?, JsonObject?> change)
    {
        lock (_gate)
        {
            (string, string, string) key = (kind, ns ?? "", name);
            _objects.TryGetValue(key, out JsonObject? stored);
            JsonObject? wanted = change(stored?.DeepClone().AsObject());
            if (wanted is null)
            {
                if (stored is not null)
                {
                    _objects.Remove(key);
                    JsonObject last = Stamp(stored.DeepClone().AsObject());
                    Raise("DELETED", kind, last, stored);
                    return last.DeepClone().AsObject();
                }

                return null;
            }

            if (stored is not null && JsonNode.DeepEquals(stored, wanted))
            {
                return wanted;
            }

            JsonObject metadata = wanted["metadata"]!.AsObject();
            metadata["uid"] ??= Guid.NewGuid().ToString();
            metadata["creationTimestamp"] ??=
                clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            JsonObject kept = JsonTree.Parsed(Stamp(wanted));
            _objects[key] = kept;
            Raise(stored is null ? "ADDED" : "MODIFIED", kind, kept.DeepClone().AsObject(), stored);
            return kept.DeepClone().AsObject();
        }
    }

    public bool Delete(string kind, string? ns, string name) => Update(kind, ns, name, _ => null) is not null;

    private JsonObject Stamp(JsonObject item)
    {
        item["metadata"]!.AsObject()["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        return item;
    }

    /// <summary>
    /// A watch of one kind: with no version from the objects there are now, else from the changes after that version.
    /// Null when those changes are no longer known.
    /// </summary>
    internal StoreSubscription? Subscribe(string kind, long? since)
    {
        lock (_gate)
        {
            bool known = since is null || since >= _version || (_history.TryPeek(out StoreEvent? oldest)
                && since >= oldest.ResourceVersion - 1);
            if (!known)
            {
                return null;
            }

            IReadOnlyList<JsonObject> items = since is null ? List(kind) : [];
            IEnumerable<StoreEvent> missed = since is null ? [] : _history.Where(
                change => change.Kind == kind && change.ResourceVersion > since);
            return new StoreSubscription(this, kind, _version, items, missed);
        }
    }

    private void Raise(string type, string kind, JsonObject item, JsonObject? previous)
    {
        StoreEvent change = new(type, kind, item, _version) { Previous = previous };
        _history.Enqueue(change);
        if (_history.Count > HistoryLength)
        {
            _history.Dequeue();
        }

        Changed?.Invoke(change);
    }
}
