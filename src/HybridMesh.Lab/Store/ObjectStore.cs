using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>A change of one object; the object is a private copy of the reader.</summary>
public sealed record StoreEvent(string Type, string Kind, JsonObject Item, long ResourceVersion);

/// <summary>
/// The objects of one API server, in the form of the kind's stored version. Readers get deep copies, writers go
/// through <see cref="Update"/>, which compares and sets under one lock; every change is told to <see cref="Changed"/>
/// in order.
/// </summary>
public sealed class ObjectStore(string plane, TimeProvider clock)
{
    private readonly object _gate = new();
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
                    Raise("DELETED", kind, last);
                    return last;
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
            JsonObject kept = Stamp(wanted).DeepClone().AsObject();
            _objects[key] = kept;
            Raise(stored is null ? "ADDED" : "MODIFIED", kind, kept.DeepClone().AsObject());
            return wanted;
        }
    }

    public bool Delete(string kind, string? ns, string name) => Update(kind, ns, name, _ => null) is not null;

    private JsonObject Stamp(JsonObject item)
    {
        item["metadata"]!.AsObject()["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        return item;
    }

    private void Raise(string type, string kind, JsonObject item) =>
        Changed?.Invoke(new StoreEvent(type, kind, item, _version));
}
