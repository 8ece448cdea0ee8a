using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace HybridMesh.Lab;

/// <summary>Reads a call's body into a JSON tree, by its content type.</summary>
internal static class BodyReader
{
    public const string JsonType = "application/json";
    public const string YamlType = "application/yaml";
    public const string MergePatchType = "application/merge-patch+json";
    public const string ApplyType = "application/apply-patch+yaml";

    public static string ContentType(HttpContext http) =>
        (http.Request.ContentType ?? JsonType).Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>An object to create or replace: JSON or YAML.</summary>
    public static async Task<JsonObject> ReadObjectAsync(HttpContext http)
    {
        if (ContentType(http) == ProtobufBody.ContentType)
        {
            using MemoryStream bytes = new();
            await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
            return ProtobufBody.Parse(bytes.ToArray());
        }

        string text = await ReadTextAsync(http);
        return ContentType(http) switch
        {
            JsonType => ParseJson(text),
            YamlType => ParseYaml(text),
            _ => throw ApiException.UnsupportedMediaType($"{JsonType}, {YamlType}, {ProtobufBody.ContentType}"),
        };
    }

    /// <summary>A patch, in one of the forms the resource takes.</summary>
    public static async Task<JsonObject> ReadPatchAsync(HttpContext http)
    {
        string text = await ReadTextAsync(http);
        return ContentType(http) switch
        {
            MergePatchType => ParseJson(text),
            ApplyType => ParseYaml(text),
            _ => throw ApiException.UnsupportedMediaType($"{MergePatchType}, {ApplyType}"),
        };
    }

    /// <summary>DeleteOptions; empty when there is no body.</summary>
    public static async Task<JsonObject> ReadOptionsAsync(HttpContext http)
    {
        string text = await ReadTextAsync(http);
        return text.Length == 0 ? [] : ContentType(http) == YamlType ? ParseYaml(text) : ParseJson(text);
    }

    private static async Task<string> ReadTextAsync(HttpContext http)
    {
        using StreamReader reader = new(http.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(http.RequestAborted);
    }

    private static JsonObject ParseJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? LastOfEach(document.RootElement).AsObject()
                : throw ApiException.BadRequest("couldn't get version/kind; json parse error: the body is no object");
        }
        catch (JsonException failure)
        {
            throw ApiException.BadRequest($"couldn't get version/kind; json parse error: {failure.Message}");
        }
    }

    /// <summary>Of a member given twice the last counts, as in Go.</summary>
    private static JsonNode LastOfEach(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                JsonObject map = [];
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    map[member.Name] = member.Value.ValueKind == JsonValueKind.Null ? null : LastOfEach(member.Value);
                }

                return map;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(
                    item => item.ValueKind == JsonValueKind.Null ? null : LastOfEach(item))]);
            default:
                return JsonNode.Parse(element.GetRawText())!;
        }
    }

    private static JsonObject ParseYaml(string text)
    {
        try
        {
            return YamlText.Parse(text) as JsonObject
                ?? throw ApiException.BadRequest("error decoding YAML: the body is no mapping");
        }
        catch (YamlException failure)
        {
            throw ApiException.BadRequest($"error decoding YAML: {failure.Message}");
        }
    }
}
