using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Brings a message as people write it into the one form Istio itself writes: names in camel case, durations in
/// seconds, enumerations by name, defaults left out.
/// </summary>
/// <param name="source">What the message is part of, for errors.</param>
internal sealed class ProtoJson(string source)
{
    /// <summary>A message in that form. Fields that are not known stay as they are.</summary>
    /// <exception cref="MeshException">ManifestInvalid, naming the field.</exception>
    public JsonObject Canonical(string message, JsonNode? value, string path)
    {
        if (value is not JsonObject map)
        {
            throw Invalid(path, "a map", value);
        }

        IReadOnlyDictionary<string, ProtoField> fields = ProxyConfigSchema.FieldsOf(message);
        JsonObject result = [];
        foreach ((string key, JsonNode? item) in map)
        {
            string name = CamelCase(key);
            string at = $"{path}.{name}";
            if (item is null || (message == ProxyConfigSchema.Root && ProxyConfigSchema.Withdrawn.Contains(name)))
            {
                continue;
            }

            if (!fields.TryGetValue(name, out ProtoField? field))
            {
                result[key] = item.DeepClone();
            }
            else if (Shaped(field, item, at) is { } shaped)
            {
                result[name] = shaped;
            }
        }

        return result;
    }

    private JsonNode? Shaped(ProtoField field, JsonNode item, string path) => field.Shape switch
    {
        ProtoShape.List => item is JsonArray list
            ? Nonempty(new JsonArray([.. list.Select((entry, i) => One(field, entry, $"{path}[{i}]"))]))
            : throw Invalid(path, "a list", item),
        ProtoShape.Map => item is JsonObject map
            ? Nonempty(new JsonObject(map.Select(pair =>
                KeyValuePair.Create(pair.Key, One(field, pair.Value, $"{path}.{pair.Key}")))))
            : throw Invalid(path, "a map", item),
        _ => One(field, item, path) is { } value && (field.HasPresence || !IsDefault(field, value)) ? value : null,
    };

    private JsonNode? One(ProtoField field, JsonNode? item, string path) => field.Kind switch
    {
        ProtoKind.Text => item is null ? "" : Text(item) ?? throw Invalid(path, "text; quote it", item),
        ProtoKind.Flag => item is JsonValue value && value.TryGetValue(out bool flag)
            ? flag : throw Invalid(path, "true or false", item),
        ProtoKind.Number => Whole(item) is { } number and >= int.MinValue and <= uint.MaxValue
            ? number : throw Invalid(path, "a whole number", item),
        ProtoKind.Long => Whole(item) is { } number
            ? number.ToString(CultureInfo.InvariantCulture) : throw Invalid(path, "a whole number", item),
        ProtoKind.Real => Real(item) is { } real ? real : throw Invalid(path, "a number", item),
        ProtoKind.Duration => GoDuration.Canonical(Text(item)) ?? throw Invalid(path, "a duration such as 5s", item),
        ProtoKind.Choice => Choice(field, item, path),
        _ => Canonical(field.TypeName!, item, path),
    };

    private JsonNode Choice(ProtoField field, JsonNode? item, string path)
    {
        IReadOnlyDictionary<string, int> values = ProxyConfigSchema.ValuesOf(field.TypeName!);
        if (item is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.Number && Whole(item) is { } number)
        {
            return values.FirstOrDefault(pair => pair.Value == number).Key is { } name ? name : item.DeepClone();
        }

        return Text(item) is { } text && values.ContainsKey(text)
            ? text : throw Invalid(path, $"one of {string.Join(", ", values.Keys)}", item);
    }

    private static bool IsDefault(ProtoField field, JsonNode value) => field.Kind switch
    {
        ProtoKind.Text => Text(value) is "",
        ProtoKind.Flag => !value.GetValue<bool>(),
        ProtoKind.Number => Whole(value) == 0,
        ProtoKind.Real => Real(value) == 0,
        ProtoKind.Choice => Text(value) is { } text
            && ProxyConfigSchema.ValuesOf(field.TypeName!).GetValueOrDefault(text, -1) == 0,
        _ => false,
    };

    private static JsonArray? Nonempty(JsonArray list) => list.Count == 0 ? null : list;

    private static JsonObject? Nonempty(JsonObject map) => map.Count == 0 ? null : map;

    private static string? Text(JsonNode? node) => node.Text();

    // Protobuf's JSON takes a number in quotes, too.
    private static long? Whole(JsonNode? node) => node is JsonValue value
        && long.TryParse(
            value.TryGetValue(out string? text) ? text : value.ToJsonString(), NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out long number)
        ? number : null;

    private static double? Real(JsonNode? node) => node is JsonValue value
        && double.TryParse(
            value.TryGetValue(out string? text) ? text : value.ToJsonString(), NumberStyles.Float,
            CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
        ? number : null;

    private static string CamelCase(string name)
    {
        string[] words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 2 ? name : string.Concat(words.Select((word, i) =>
            i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private MeshException Invalid(string path, string expected, JsonNode? found) => new(
        MeshErrorCode.ManifestInvalid,
        $"{source}: {path} must be {expected}; it is {found?.ToJsonString() ?? "null"}.",
        source);
}
