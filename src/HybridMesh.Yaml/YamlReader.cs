using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HybridMesh.Yaml;

/// <summary>
/// Reads YAML into JSON by the rules Kubernetes' own tools follow; anchors and merge keys are resolved.
/// </summary>
public sealed class YamlReader
{
    // A few lines of nested aliases can name billions of nodes.
    private const int MaxNodes = 1_000_000;

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, JsonNode?> _anchors = [];
    private readonly Dictionary<JsonNode, int> _lines = new(ReferenceEqualityComparer.Instance);
    private int _nodes;

    private YamlReader(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The documents of a text; empty ones are left out.</summary>
    /// <exception cref="YamlFormatException">The text is no YAML, or more than JSON can say.</exception>
    public static IReadOnlyList<YamlDocument> Read(string text)
    {
        YamlReader reader = new(text);
        try
        {
            return reader.Documents();
        }
        catch (YamlException e)
        {
            throw new YamlFormatException((int)e.Start.Line, Reason(e), e);
        }
    }

    private static string Reason(YamlException e)
    {
        // The message begins with the position, which our errors carry in their own form.
        int end = e.Message.IndexOf("): ", StringComparison.Ordinal);
        return end >= 0 ? e.Message[(end + 3)..] : e.Message;
    }

    private List<YamlDocument> Documents()
    {
        List<YamlDocument> documents = [];
        _parser.Consume<StreamStart>();
        while (!_parser.TryConsume<StreamEnd>(out _))
        {
            _parser.Consume<DocumentStart>();
            _anchors.Clear();
            int line = (int)(_parser.Current?.Start.Line ?? 1);
            JsonNode? root = Node();
            _parser.Consume<DocumentEnd>();
            if (root is not null)
            {
                documents.Add(new YamlDocument(root, line, _lines));
            }
        }

        return documents;
    }

    private JsonNode? Node()
    {
        if (++_nodes > MaxNodes)
        {
            throw Bad("the document is too large");
        }

        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return _anchors.TryGetValue(alias.Value, out JsonNode? known)
                ? Copy(known)
                : throw new YamlFormatException((int)alias.Start.Line, $"there is no anchor &{alias.Value}");
        }

        if (_parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            return Anchored(scalar, Value(scalar));
        }

        if (_parser.TryConsume<SequenceStart>(out SequenceStart? sequence))
        {
            JsonArray list = [];
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Node());
            }

            return Anchored(sequence, list);
        }

        return Map(_parser.Consume<MappingStart>());
    }

    private JsonObject Map(MappingStart start)
    {
        JsonObject map = [];
        _lines[map] = (int)start.Start.Line;
        List<JsonNode?> merged = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            int line = (int)(_parser.Current?.Start.Line ?? start.Start.Line);
            bool isMerge = _parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            string key = Key(Node(), line);
            JsonNode? value = Node();
            if (isMerge)
            {
                merged.AddRange(value is JsonArray list ? [.. list] : [value]);
            }
            else if (!map.TryAdd(key, value))
            {
                throw new YamlFormatException(line, $"the key '{key}' stands there twice");
            }
        }

        foreach (KeyValuePair<string, JsonNode?> pair in merged.SelectMany(item =>
            item as JsonObject
                ?? throw new YamlFormatException((int)start.Start.Line, "only maps can be merged by <<")))
        {
            // The map's own keys win, and the first of several merged maps.
            map.TryAdd(pair.Key, pair.Value?.DeepClone());
        }

        return (JsonObject)Anchored(start, map)!;
    }

    private static string Key(JsonNode? key, int line) => key switch
    {
        JsonValue value => value.TryGetValue(out string? text) ? text : value.ToJsonString(),
        _ => throw new YamlFormatException(line, "a key must be text"),
    };

    private static JsonNode? Value(Scalar scalar)
    {
        try
        {
            if (scalar.Tag.IsEmpty)
            {
                return scalar.Style == ScalarStyle.Plain
                    ? YamlScalar.Plain(scalar.Value) : JsonValue.Create(scalar.Value);
            }

            (bool known, JsonNode? value) = YamlScalar.Tagged(scalar.Tag.Value, scalar.Value);
            return known ? value : throw new FormatException($"the tag {scalar.Tag} is not understood");
        }
        catch (FormatException e)
        {
            throw new YamlFormatException((int)scalar.Start.Line, e.Message, e);
        }
    }

    private JsonNode? Anchored(NodeEvent node, JsonNode? value)
    {
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = value;
        }

        return value;
    }

    private JsonNode? Copy(JsonNode? node)
    {
        _nodes += Count(node);
        return _nodes > MaxNodes ? throw Bad("the document is too large") : node?.DeepClone();
    }

    private static int Count(JsonNode? node) => node switch
    {
        JsonObject map => 1 + map.Sum(pair => Count(pair.Value)),
        JsonArray list => 1 + list.Sum(Count),
        _ => 1,
    };

    private YamlFormatException Bad(string reason) => new((int)(_parser.Current?.Start.Line ?? 1), reason);
}
