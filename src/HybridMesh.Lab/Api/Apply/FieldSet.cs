using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// A set of paths, the model of structured-merge-diff: a path may be a member itself, have members below, or both.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public bool IsEmpty => _entries.Values.All(entry => !entry.Member && entry.Children.IsEmpty);

    /// <summary>Every member, as elements from the root.</summary>
    public IEnumerable<IReadOnlyList<string>> Members => Walk([]);

    public void Insert(FieldPath path) => At(path).Member = true;

    public bool HasMember(string element) => _entries.TryGetValue(element, out Entry? entry) && entry.Member;

    /// <summary>What lies below an element; null when nothing does.</summary>
    public FieldSet? Below(string element) =>
        _entries.TryGetValue(element, out Entry? entry) && !entry.Children.IsEmpty ? entry.Children : null;

    public FieldSet Union(FieldSet other)
    {
        FieldSet result = Clone();
        foreach ((string element, Entry entry) in other._entries)
        {
            result._entries[element] = result._entries.TryGetValue(element, out Entry? own)
                ? new Entry(own.Member || entry.Member, own.Children.Union(entry.Children))
                : new Entry(entry.Member, entry.Children.Clone());
        }

        return result;
    }

    public FieldSet Intersection(FieldSet other) => Combine(
        other, (mine, theirs) => mine && theirs, (mine, theirs) => mine.Intersection(theirs), keepAlone: false);

    public FieldSet Difference(FieldSet other) => Combine(
        other, (mine, theirs) => mine && !theirs, (mine, theirs) => mine.Difference(theirs), keepAlone: true);

    /// <summary>The set without (or only with) one top-level field and all below it.</summary>
    public FieldSet Filter(Func<string, bool> keepTopLevel)
    {
        FieldSet result = new();
        foreach ((string element, Entry entry) in _entries.Where(pair => keepTopLevel(pair.Key)))
        {
            result._entries[element] = new Entry(entry.Member, entry.Children.Clone());
        }

        return result;
    }

    /// <summary>Makes every field the schema names a member when it has members below.</summary>
    public FieldSet WithNamedFields(SchemaNode schema)
    {
        FieldSet result = new();
        foreach ((string element, Entry entry) in _entries)
        {
            bool isField = element[0] == 'f';
            bool named = isField && !entry.Children.IsEmpty && schema.Declares(element[2..]);
            SchemaNode below = (isField ? schema.Field(element[2..]) : schema.Items) ?? SchemaNode.Any;
            result._entries[element] = new Entry(entry.Member || named, entry.Children.WithNamedFields(below));
        }

        return result;
    }

    public JsonObject ToJson()
    {
        JsonObject json = [];
        foreach ((string element, Entry entry) in _entries)
        {
            JsonObject below = entry.Children.ToJson();
            if (entry.Member && below.Count > 0)
            {
                below.Insert(0, ".", new JsonObject());
            }

            if (entry.Member || below.Count > 0)
            {
                json[element] = below;
            }
        }

        return json;
    }

    public static FieldSet FromJson(JsonObject? json)
    {
        FieldSet result = new();
        foreach ((string element, JsonNode? value) in json ?? [])
        {
            JsonObject below = value as JsonObject ?? [];
            if (element != ".")
            {
                bool member = below.Count == 0 || below.ContainsKey(".");
                result._entries[element] = new Entry(member, FromJson(below));
            }
        }

        return result;
    }

    private FieldSet Clone()
    {
        FieldSet result = new();
        foreach ((string element, Entry entry) in _entries)
        {
            result._entries[element] = new Entry(entry.Member, entry.Children.Clone());
        }

        return result;
    }

    private FieldSet Combine(
        FieldSet other, Func<bool, bool, bool> member, Func<FieldSet, FieldSet, FieldSet> below, bool keepAlone)
    {
        FieldSet result = new();
        foreach ((string element, Entry entry) in _entries)
        {
            Entry? combined = other._entries.TryGetValue(element, out Entry? theirs)
                ? new Entry(member(entry.Member, theirs.Member), below(entry.Children, theirs.Children))
                : keepAlone ? new Entry(entry.Member, entry.Children.Clone()) : null;
            if (combined is not null && (combined.Member || !combined.Children.IsEmpty))
            {
                result._entries[element] = combined;
            }
        }

        return result;
    }

    private Entry At(FieldPath path)
    {
        FieldSet parent = path.Parent is null ? this : At(path.Parent).Children;
        if (!parent._entries.TryGetValue(path.Element, out Entry? entry))
        {
            entry = new Entry(false, new FieldSet());
            parent._entries[path.Element] = entry;
        }

        return entry;
    }

    private IEnumerable<IReadOnlyList<string>> Walk(IReadOnlyList<string> above)
    {
        foreach ((string element, Entry entry) in _entries)
        {
            IReadOnlyList<string> path = [.. above, element];
            if (entry.Member)
            {
                yield return path;
            }

            foreach (IReadOnlyList<string> below in entry.Children.Walk(path))
            {
                yield return below;
            }
        }
    }

    private sealed class Entry(bool member, FieldSet children)
    {
        public bool Member { get; set; } = member;

        public FieldSet Children => children;
    }
}
