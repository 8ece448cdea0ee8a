using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Makes schemas of the lines of all .schema files; a shape may be used before it is described.</summary>
internal sealed class SchemaParser
{
    private readonly Dictionary<string, SchemaLine> _kinds = [];
    private readonly Dictionary<string, SchemaLine> _shapes = [];
    private readonly Dictionary<string, SchemaNode> _built = [];
    private readonly HashSet<string> _underWay = [];

    public SchemaParser(IEnumerable<SchemaLine> lines)
    {
        foreach (SchemaLine line in lines)
        {
            Dictionary<string, SchemaLine> group = line.Head switch
            {
                "kind" => _kinds,
                "shape" => _shapes,
                _ => throw line.Wrong("begins neither a kind nor a shape"),
            };
            if (line.Words.Length < 2 || !group.TryAdd(line.Words[1], line))
            {
                throw line.Wrong("has no name or one that is taken");
            }
        }
    }

    public IReadOnlyDictionary<string, SchemaNode> Kinds() =>
        _kinds.ToDictionary(pair => pair.Key, pair => Kind(pair.Value));

    private SchemaNode Kind(SchemaLine line)
    {
        SchemaNode body = Body(line, new SchemaNode { Type = "object" });
        Dictionary<string, SchemaNode> fields = new(body.Properties)
        {
            ["apiVersion"] = new SchemaNode { Type = "string" },
            ["kind"] = new SchemaNode { Type = "string" },
            ["metadata"] = Shape("ObjectMeta", line),
        };
        return body with { Properties = fields };
    }

    private SchemaNode Shape(string name, SchemaLine user)
    {
        if (_built.TryGetValue(name, out SchemaNode? found))
        {
            return found;
        }

        if (!_shapes.TryGetValue(name, out SchemaLine? line))
        {
            throw user.Wrong($"names {name}, which no file describes");
        }

        if (!_underWay.Add(name))
        {
            throw line.Wrong("contains itself");
        }

        SchemaNode start = new()
        {
            Type = "object",
            AtomicMap = line.Words.Contains("atomic"),
            PreserveUnknown = line.Words.Contains("loose"),
        };
        return _built[name] = Body(line, start);
    }

    /// <summary>The object with the fields and the rules of the lines below.</summary>
    private SchemaNode Body(SchemaLine line, SchemaNode start)
    {
        Dictionary<string, SchemaNode> fields = new(start.Properties);
        List<string> required = [.. start.Required];
        List<FieldChoice> choices = [.. start.Choices];
        foreach (SchemaLine below in line.Below)
        {
            if (below.Head == "-")
            {
                choices.Add(Choice(below));
                continue;
            }

            string name = below.Head.TrimEnd('!');
            if (name != below.Head)
            {
                required.Add(name);
            }

            if (!fields.TryAdd(name, Field(below)))
            {
                throw below.Wrong("is there already");
            }
        }

        return start with { Properties = fields, Required = required, Choices = choices };
    }

    private static FieldChoice Choice(SchemaLine line) => line.Words switch
    {
        ["-", "at", "most", "one", "of", .. { Length: > 1 } names] => new FieldChoice(names, AtMostOne: true),
        ["-", "some", "of", .. { Length: > 1 } names] => new FieldChoice(names, AtMostOne: false),
        _ => throw line.Wrong("is no rule the lab knows"),
    };

    private SchemaNode Field(SchemaLine line)
    {
        Queue<string> words = new(line.Words.Skip(1));
        SchemaNode node = Type(line, words);
        return words.Count == 0 ? node : throw line.Wrong($"has \"{words.Peek()}\" too many");
    }

    private SchemaNode Type(SchemaLine line, Queue<string> words)
    {
        string word = Next(line, words);
        switch (word)
        {
            case "atomic":
                return Type(line, words) with { AtomicMap = true };
            case "map":
                Expect(line, words, "of");
                return new SchemaNode { Type = "object", AdditionalProperties = Type(line, words) };
            case "list":
                return List(line, words);
            case "set":
                Expect(line, words, "of");
                return new SchemaNode { Type = "array", ListKind = ListKind.Set, Items = Type(line, words) };
            case "object":
                return Body(line, new SchemaNode { Type = "object" });
            case "loose":
                return Body(line, new SchemaNode { Type = "object", PreserveUnknown = true });
            default:
                return char.IsAsciiLetterUpper(word[0])
                    ? Body(line, Shape(word, line))
                    : line.Below.Count == 0 ? Limits(line, words, Scalar(line, word))
                    : throw line.Wrong("has fields below");
        }
    }

    private SchemaNode List(SchemaLine line, Queue<string> words)
    {
        string word = Next(line, words);
        bool nonempty = word == "nonempty";
        word = nonempty ? Next(line, words) : word;
        string[] keys = word == "by" ? Next(line, words).Split(',') : [];
        word = word == "by" ? Next(line, words) : word;
        if (word != "of")
        {
            throw line.Wrong("does not say of what the list is");
        }

        SchemaNode items = Type(line, words);
        if (keys.FirstOrDefault(key => !items.Declares(key)) is { } missing)
        {
            throw line.Wrong($"is keyed by {missing}, which its items lack");
        }

        return new SchemaNode
        {
            Type = "array",
            ListKind = keys.Length > 0 ? ListKind.Map : ListKind.Atomic,
            Keys = keys,
            Items = items,
            MinItems = nonempty ? 1 : 0,
        };
    }

    private static SchemaNode Scalar(SchemaLine line, string word) => word switch
    {
        "string" or "number" or "quantity" => new SchemaNode { Type = word },
        "int" => new SchemaNode { Type = "integer" },
        "bool" => new SchemaNode { Type = "boolean" },
        "int-or-string" => new SchemaNode { IntOrString = true },
        "port" => new SchemaNode { Type = "integer", Minimum = 1, Maximum = 65535 },
        "duration" => new SchemaNode { Type = "string", IsDuration = true },
        _ => throw line.Wrong($"has no type: \"{word}\" is none"),
    };

    /// <summary>What may stand behind a scalar: a range, a default, the allowed values.</summary>
    private static SchemaNode Limits(SchemaLine line, Queue<string> words, SchemaNode node)
    {
        if (!words.TryDequeue(out string? word))
        {
            return node;
        }

        switch (word)
        {
            case "default":
                string value = Next(line, words);
                return node with { Default = JsonValue.Create(value == "\"\"" ? "" : value) };
            case "in":
                string[] allowed = [.. words];
                words.Clear();
                return node with { Allowed = allowed };
            default:
                string[] ends = word.Split("..");
                return ends.Length == 2
                    ? node with { Minimum = End(line, ends[0]), Maximum = End(line, ends[1]) }
                    : throw line.Wrong($"has \"{word}\" too many");
        }
    }

    private static long? End(SchemaLine line, string text) => text.Length == 0 ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long end) ? end
        : throw line.Wrong($"has an odd end of a range, \"{text}\"");

    private static void Expect(SchemaLine line, Queue<string> words, string expected)
    {
        if (Next(line, words) != expected)
        {
            throw line.Wrong($"lacks \"{expected}\"");
        }
    }

    private static string Next(SchemaLine line, Queue<string> words) =>
        words.TryDequeue(out string? word) ? word : throw line.Wrong("ends too early");
}
