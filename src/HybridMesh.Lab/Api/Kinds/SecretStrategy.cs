using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>Secrets and ConfigMaps: keys, encoding, immutability.</summary>
internal static partial class SecretStrategy
{
    private const string KeyText =
        "a key takes letters, digits, '-', '_' and '.', up to 253 of them";

    /// <summary>stringData is for writing only: it overrides data.</summary>
    public static void TakeStringData(JsonObject secret)
    {
        if (secret["stringData"] is not JsonObject texts)
        {
            return;
        }

        JsonObject data = secret["data"] as JsonObject ?? [];
        foreach ((string key, JsonNode? text) in texts)
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes((string?)text ?? ""));
        }

        secret.Remove("stringData");
        secret["data"] = data.Parent is null ? data : data.DeepClone();
    }

    public static IEnumerable<StatusCause> Validate(JsonObject secret, JsonObject? live)
    {
        foreach ((string key, JsonNode? value) in secret["data"] as JsonObject ?? [])
        {
            if (!Base64.IsValid((string?)value ?? ""))
            {
                throw ApiException.BadRequest(
                    "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 0");
            }
        }

        IEnumerable<StatusCause> type = live is not null && !JsonNode.DeepEquals(live["type"], secret["type"])
            ? [FieldError.Invalid("type", secret["type"], "field is immutable")] : [];
        return [.. type, .. Keys(secret, "data"), .. Immutable(secret, live)];
    }

    public static IEnumerable<StatusCause> ValidateConfigMap(JsonObject map, JsonObject? live) =>
        [.. Keys(map, "data"), .. Keys(map, "binaryData"), .. Immutable(map, live)];

    private static IEnumerable<StatusCause> Keys(JsonObject item, string field) =>
        (item[field] as JsonObject ?? [])
            .Where(pair => !KeyPattern().IsMatch(pair.Key) || pair.Key.Length > 253 || pair.Key is "." or "..")
            .Select(pair => FieldError.Invalid($"{field}[{pair.Key}]", pair.Key, KeyText));

    private static IEnumerable<StatusCause> Immutable(JsonObject item, JsonObject? live)
    {
        if ((bool?)live?["immutable"] != true)
        {
            yield break;
        }

        foreach (string field in (string[])["immutable", "data", "binaryData"])
        {
            if (!JsonNode.DeepEquals(item[field], live[field]))
            {
                yield return FieldError.Forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }

    [GeneratedRegex(@"\A[-._a-zA-Z0-9]+\z")]
    private static partial Regex KeyPattern();
}
