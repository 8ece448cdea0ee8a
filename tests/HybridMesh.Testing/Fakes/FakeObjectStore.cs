using System.Globalization;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>The objects of a <see cref="FakeKubernetesApi"/>, and who owns which of their fields.</summary>
internal sealed class FakeObjectStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Stored> _objects = new(StringComparer.Ordinal);
    private long _version = 1;

    public JsonObject? Find(KubernetesKind kind, string? ns, string name)
    {
        lock (_gate)
        {
            return _objects.TryGetValue(Key(kind, ns, name), out Stored? stored) ? Copy(stored.Item) : null;
        }
    }

    public IReadOnlyList<JsonObject> List(KubernetesKind kind, string? ns, string? labelSelector)
    {
        lock (_gate)
        {
            return
            [
                .. _objects.Where(pair => pair.Key.StartsWith($"{kind.Group}/{kind.Kind}/", StringComparison.Ordinal))
                    .Select(pair => pair.Value.Item).Where(item => Matches(item, ns, labelSelector)).Select(Copy),
            ];
        }
    }

    public JsonObject Create(KubernetesKind kind, JsonObject manifest, string manager, bool dryRun)
    {
        lock (_gate)
        {
            string key = Key(kind, manifest);
            if (_objects.ContainsKey(key))
            {
                throw new MeshException(MeshErrorCode.ObjectExists, $"{key} already exists.", key);
            }

            Stored stored = new(Copy(manifest));
            stored.Item["apiVersion"] ??= kind.ApiVersion;
            stored.Item["kind"] ??= kind.Kind;
            stored.Item["metadata"]!["uid"] ??= Guid.NewGuid().ToString();
            stored.Own(Leaves(manifest), manager);
            return Store(key, stored, dryRun);
        }
    }

    public JsonObject Apply(KubernetesKind kind, JsonObject manifest, ApplyOptions options)
    {
        lock (_gate)
        {
            string key = Key(kind, manifest);
            if (!_objects.TryGetValue(key, out Stored? stored))
            {
                return Create(kind, manifest, options.FieldManager, options.DryRun);
            }

            Stored next = stored.Copy();
            Dictionary<string, JsonNode?> wanted = Leaves(manifest);
            RefuseForeign(next, wanted, options, key);
            foreach (string dropped in next.OwnedBy(options.FieldManager).Where(path => !wanted.ContainsKey(path)).ToList())
            {
                Remove(next.Item, dropped);
                next.Owners.Remove(dropped);
            }

            Merge(next.Item, manifest);
            next.Own(wanted, options.FieldManager);
            return Store(key, next, options.DryRun);
        }
    }

    public JsonObject Replace(KubernetesKind kind, JsonObject manifest, string manager, bool dryRun)
    {
        lock (_gate)
        {
            string key = Key(kind, manifest);
            Stored stored = Existing(key);
            RefuseStale(stored, manifest, key);
            Stored next = new(Copy(manifest));
            next.Item["metadata"]!["uid"] = stored.Item["metadata"]!["uid"]!.DeepClone();
            next.Own(Leaves(manifest), manager);
            return Store(key, next, dryRun);
        }
    }

    public JsonObject Patch(
        KubernetesKind kind, string? ns, string name, JsonObject patch, string manager, bool dryRun)
    {
        lock (_gate)
        {
            string key = Key(kind, ns, name);
            Stored next = Existing(key).Copy();
            RefuseStale(next, patch, key);
            Merge(next.Item, patch);
            next.Own(Leaves(patch), manager);
            return Store(key, next, dryRun);
        }
    }

    public JsonObject? Delete(KubernetesKind kind, string? ns, string name, string? uid, bool dryRun)
    {
        lock (_gate)
        {
            string key = Key(kind, ns, name);
            if (!_objects.TryGetValue(key, out Stored? stored))
            {
                return null;
            }

            if (uid is not null && stored.Item["metadata"]!["uid"]!.GetValue<string>() != uid)
            {
                throw new MeshException(MeshErrorCode.Conflict, $"{key} is another object now.", key);
            }

            if (!dryRun)
            {
                _objects.Remove(key);
            }

            return stored.Item;
        }
    }

    internal static bool Matches(JsonObject item, string? ns, string? labelSelector)
    {
        JsonNode metadata = item["metadata"]!;
        if (ns is not null && metadata["namespace"]?.GetValue<string>() != ns)
        {
            return false;
        }

        return (labelSelector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).All(term =>
        {
            bool negative = term.Contains("!=", StringComparison.Ordinal);
            string[] parts = term.Split(negative ? "!=" : "=", 2);
            string? value = metadata["labels"]?[parts[0].Trim()]?.GetValue<string>();
            return parts.Length == 1 ? value is not null : value == parts[1].TrimStart('=').Trim() != negative;
        });
    }

    private static JsonObject Copy(JsonObject item) => (JsonObject)item.DeepClone();

    private static string Key(KubernetesKind kind, string? ns, string name) =>
        $"{kind.Group}/{kind.Kind}/{(kind.Namespaced ? ns : "")}/{name}";

    private static string Key(KubernetesKind kind, JsonObject manifest) => Key(
        kind, manifest["metadata"]!["namespace"]?.GetValue<string>(), manifest["metadata"]!["name"]!.GetValue<string>());

    private static void RefuseStale(Stored stored, JsonObject sent, string key)
    {
        string? version = sent["metadata"]?["resourceVersion"]?.GetValue<string>();
        if (version is not null && version != stored.Item["metadata"]!["resourceVersion"]!.GetValue<string>())
        {
            throw new MeshException(MeshErrorCode.Conflict, $"{key} was changed by another writer.", key);
        }
    }

    private static void RefuseForeign(
        Stored stored, Dictionary<string, JsonNode?> wanted, ApplyOptions options, string key)
    {
        Dictionary<string, JsonNode?> current = Leaves(stored.Item);
        string? taken = options.Force
            ? null
            : wanted.Keys.FirstOrDefault(path =>
                stored.Owners.TryGetValue(path, out string? owner) && owner != options.FieldManager
                && !JsonNode.DeepEquals(current.GetValueOrDefault(path), wanted[path]));
        if (taken is not null)
        {
            throw new MeshException(
                MeshErrorCode.Conflict, $"{key}: field {taken} belongs to {stored.Owners[taken]}.", key);
        }
    }

    // Lists are one value, as in most of Istio's schemas; identity is not a field.
    private static Dictionary<string, JsonNode?> Leaves(JsonObject item)
    {
        Dictionary<string, JsonNode?> leaves = new(StringComparer.Ordinal);
        void Walk(JsonObject node, string path)
        {
            foreach ((string name, JsonNode? value) in node)
            {
                string here = $"{path}/{name}";
                if (here is "/apiVersion" or "/kind" or "/metadata/name" or "/metadata/namespace" or "/metadata/uid"
                    or "/metadata/resourceVersion")
                {
                    continue;
                }

                if (value is JsonObject { Count: > 0 } inner)
                {
                    Walk(inner, here);
                }
                else
                {
                    leaves[here] = value;
                }
            }
        }

        Walk(item, "");
        return leaves;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach ((string name, JsonNode? value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private static void Remove(JsonObject item, string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonNode? node = item;
        foreach (string name in names[..^1])
        {
            node = node?[name];
        }

        (node as JsonObject)?.Remove(names[^1]);
    }

    private Stored Existing(string key) => _objects.TryGetValue(key, out Stored? stored)
        ? stored
        : throw new MeshException(MeshErrorCode.ObjectNotFound, $"{key} does not exist.", key);

    private JsonObject Store(string key, Stored next, bool dryRun)
    {
        // A write that changes nothing keeps the resourceVersion, as real servers do.
        bool same = _objects.TryGetValue(key, out Stored? before) && JsonNode.DeepEquals(before.Item, next.Item);
        if (!same)
        {
            next.Item["metadata"]!["resourceVersion"] =
                (dryRun ? _version + 1 : ++_version).ToString(CultureInfo.InvariantCulture);
        }

        if (!dryRun)
        {
            _objects[key] = next;
        }

        return Copy(next.Item);
    }

    private sealed record Stored(JsonObject Item)
    {
        public Dictionary<string, string> Owners { get; init; } = new(StringComparer.Ordinal);

        public Stored Copy() => new((JsonObject)Item.DeepClone()) { Owners = new(Owners, StringComparer.Ordinal) };

        public IEnumerable<string> OwnedBy(string manager) =>
            Owners.Where(pair => pair.Value == manager).Select(pair => pair.Key);

        public void Own(Dictionary<string, JsonNode?> leaves, string manager)
        {
            foreach (string path in leaves.Keys)
            {
                Owners[path] = manager;
            }
        }
    }
}
