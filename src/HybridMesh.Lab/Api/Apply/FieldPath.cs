using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// A path into an object. Elements are spelled as in managedFields: <c>f:name</c>, <c>k:{"name":"http"}</c>,
/// <c>v:"finalizer"</c>.
/// </summary>
internal sealed record FieldPath(FieldPath? Parent, string Element)
{
    public static JsonSerializerOptions Json { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IEnumerable<string> Elements => Parent is null ? [Element] : Parent.Elements.Append(Element);

    /// <summary>The path as messages show it: <c>.spec.ports[port=80,protocol="TCP"].targetPort</c>.</summary>
    public static string Format(IEnumerable<string> elements) => string.Concat(elements.Select(Format));

    public static string OfField(string name) => "f:" + name;

    public static string OfValue(JsonNode? item) => "v:" + (item?.ToJsonString(Json) ?? "null");

    public override string ToString() => Format(Elements);

    /// <summary>The element of a list item; throws when an item has no key.</summary>
    public static string OfItem(SchemaNode list, JsonNode? item)
    {
        if (list.ListKind == ListKind.Set)
        {
            return OfValue(item);
        }

        if (item is not JsonObject fields)
        {
            throw new SchemaMismatchException("associative list with keys may not have non-map elements");
        }

        JsonObject key = [];
        foreach (string name in list.Keys.Order(StringComparer.Ordinal))
        {
            JsonNode? value = fields[name] ?? list.Items?.Field(name)?.Default
                ?? throw new SchemaMismatchException(
                    $"associative list with keys has an element that omits key field \"{name}\" "
                    + "(and doesn't have default value)");
            key[name] = value.DeepClone();
        }

        return "k:" + key.ToJsonString(Json);
    }

    private static string Format(string element)
    {
        string rest = element[2..];
        switch (element[0])
        {
            case 'f':
                return "." + rest;
            case 'k':
                IEnumerable<string> pairs = JsonNode.Parse(rest)!.AsObject()
                    .Select(pair => string.Create(
                        CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value?.ToJsonString(Json)}"));
                return $"[{string.Join(',', pairs)}]";
            case 'v':
                return $"[={rest}]";
            default:
                return $"[{rest}]";
        }
    }
}

/// <summary>An object does not have the shape its schema demands.</summary>
internal sealed class SchemaMismatchException(string message) : Exception(message);
