using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>How server-side apply sees a list.</summary>
internal enum ListKind
{
    /// <summary>One value, owned as a whole.</summary>
    Atomic,

    /// <summary>Each scalar is an item of its own.</summary>
    Set,

    /// <summary>Items are told apart by key fields.</summary>
    Map,
}

/// <summary>A rule over sibling fields: at most one of them, or one of them at least.</summary>
internal sealed record FieldChoice(IReadOnlyList<string> Names, bool AtMostOne);

/// <summary>The schema of one field: what pruning, validation and server-side apply need to know.</summary>
internal sealed record SchemaNode
{
    private static readonly IReadOnlyDictionary<string, SchemaNode> NoProperties =
        new Dictionary<string, SchemaNode>();

    /// <summary>Takes anything; maps below are granular, lists atomic.</summary>
    public static SchemaNode Any { get; } = new() { PreserveUnknown = true };

    /// <summary>object, array, string, integer, number, boolean, quantity; null: anything.</summary>
    public string? Type { get; init; }

    public bool IntOrString { get; init; }

    public bool PreserveUnknown { get; init; }

    public bool AtomicMap { get; init; }

    public IReadOnlyDictionary<string, SchemaNode> Properties { get; init; } = NoProperties;

    public SchemaNode? AdditionalProperties { get; init; }

    public SchemaNode? Items { get; init; }

    public ListKind ListKind { get; init; }

    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>What a key field counts as when an item leaves it out.</summary>
    public JsonNode? Default { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public IReadOnlyList<FieldChoice> Choices { get; init; } = [];

    /// <summary>The values a string may have; empty: all.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    public long? Minimum { get; init; }

    public long? Maximum { get; init; }

    public int MinItems { get; init; }

    public bool IsDuration { get; init; }

    /// <summary>Whether the field is named by the schema, unlike an entry of a free map.</summary>
    public bool Declares(string field) => Properties.ContainsKey(field);

    /// <summary>The schema of a field; null when there may be no such field.</summary>
    public SchemaNode? Field(string name)
    {
        if (Properties.TryGetValue(name, out SchemaNode? found))
        {
            return found;
        }

        return AdditionalProperties ?? (PreserveUnknown ? Any : null);
    }
}
