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

            Stored stored = New(kind, manifest);
            stored.Update([], manager);
            return Store(key, stored, dryRun);
        }
    }

    public JsonObject Apply(KubernetesKind kind, JsonObject manifest, ApplyOptions options)
    {
        lock (_gate)
        {
            string key = Key(kind, manifest);
            Stored next = _objects.TryGetValue(key, out Stored? stored) ? stored.Copy() : New(kind, manifest);
            Dictionary<string, JsonNode?> wanted = Leaves(manifest);
            RefuseForeign(next, wanted, options, key);
            foreach (string dropped in next.Apply(wanted, options.FieldManager))
            {
                Remove(next.Item, dropped);
            }

            Merge(next.Item, manifest);
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
            next.Take(stored);
            next.Update(Leaves(stored.Item), manager);
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
            Dictionary<string, JsonNode?> before = Leaves(next.Item);
            Merge(next.Item, patch);
            next.Update(before, manager);
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
        if (options.Force)
        {
            return;
        }

        Dictionary<string, JsonNode?> current = Leaves(stored.Item);
        foreach ((string path, JsonNode? value) in wanted)
        {
            if (!JsonNode.DeepEquals(current.GetValueOrDefault(path), value)
                && stored.OthersThan(options.FieldManager, path) is { } owner)
            {
                throw new MeshException(
                    MeshErrorCode.Conflict, $"{key}: field {path.Replace('\t', '.')} belongs to {owner}.", key);
            }
        }
    }

    // Lists are one value, as in most of Istio's schemas; identity is not a field. Label names may hold a slash, so the
    // steps of a path are told apart by tabs.
    private static Dictionary<string, JsonNode?> Leaves(JsonObject item)
    {
        Dictionary<string, JsonNode?> leaves = new(StringComparer.Ordinal);
        void Walk(JsonObject node, string path)
        {
            foreach ((string name, JsonNode? value) in node)
            {
                string here = path.Length == 0 ? name : $"{path}\t{name}";
                if (here is "apiVersion" or "kind" or "metadata\tname" or "metadata\tnamespace" or "metadata\tuid"
                    or "metadata\tresourceVersion" or "metadata\tmanagedFields")
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
        string[] names = path.Split('\t');
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
        next.Item["metadata"]!["managedFields"] = next.ManagedFields();
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

    private static Stored New(KubernetesKind kind, JsonObject manifest)
    {
        Stored stored = new(Copy(manifest));
        stored.Item["apiVersion"] ??= kind.ApiVersion;
        stored.Item["kind"] ??= kind.Kind;
        stored.Item["metadata"]!["uid"] ??= Guid.NewGuid().ToString();
        return stored;
    }

    /// <summary>An object and, per manager and operation, the paths of the fields it owns.</summary>
    private sealed record Stored(JsonObject Item)
    {
        private readonly SortedDictionary<(string Manager, string Operation), HashSet<string>> _owned = [];

        public Stored Copy()
        {
            Stored copy = new((JsonObject)Item.DeepClone());
            copy.Take(this);
            return copy;
        }

        public void Take(Stored other)
        {
            foreach (((string, string) owner, HashSet<string> paths) in other._owned)
            {
                _owned[owner] = [.. paths];
            }
        }

        public string? OthersThan(string applier, string path) => _owned
            .Where(pair => pair.Key != (applier, "Apply") && pair.Value.Contains(path))
            .Select(pair => pair.Key.Manager).FirstOrDefault();

        /// <summary>Records an apply; gives the fields nobody wants any more.</summary>
        public List<string> Apply(Dictionary<string, JsonNode?> wanted, string manager)
        {
            Dictionary<string, JsonNode?> current = Leaves(Item);
            foreach (((string, string) owner, HashSet<string> paths) in _owned)
            {
                if (owner != (manager, "Apply"))
                {
                    paths.RemoveWhere(path => wanted.TryGetValue(path, out JsonNode? value)
                        && !JsonNode.DeepEquals(value, current.GetValueOrDefault(path)));
                }
            }

            HashSet<string> held = _owned.GetValueOrDefault((manager, "Apply")) ?? [];
            _owned[(manager, "Apply")] = [.. wanted.Keys];
            return [.. held.Where(path => !wanted.ContainsKey(path) && !_owned.Values.Any(paths => paths.Contains(path)))];
        }

        /// <summary>Records that a manager wrote whatever now differs.</summary>
        public void Update(Dictionary<string, JsonNode?> before, string manager)
        {
            Dictionary<string, JsonNode?> now = Leaves(Item);
            HashSet<string> changed = [.. now.Keys.Union(before.Keys)
                .Where(path => !JsonNode.DeepEquals(now.GetValueOrDefault(path), before.GetValueOrDefault(path)))];
            foreach (HashSet<string> paths in _owned.Values)
            {
                paths.ExceptWith(changed);
            }

            changed.IntersectWith(now.Keys);
            if (changed.Count > 0)
            {
                _owned[(manager, "Update")] = [.. _owned.GetValueOrDefault((manager, "Update")) ?? [], .. changed];
            }
        }

        public JsonArray ManagedFields() => [.. _owned.Where(pair => pair.Value.Count > 0).Select(pair => new JsonObject
        {
            ["manager"] = pair.Key.Manager,
            ["operation"] = pair.Key.Operation,
            ["apiVersion"] = Item["apiVersion"]!.DeepClone(),
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields(pair.Value),
        })];

        private static JsonObject Fields(IEnumerable<string> paths)
        {
            JsonObject fields = [];
            foreach (string path in paths.Order(StringComparer.Ordinal))
            {
                JsonObject node = fields;
                foreach (string name in path.Split('\t'))
                {
                    node = (JsonObject)(node[$"f:{name}"] ??= new JsonObject());
                }
            }

            return fields;
        }
    }
}
