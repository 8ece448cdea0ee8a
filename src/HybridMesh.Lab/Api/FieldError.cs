using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Causes of an Invalid answer, in the server's words.</summary>
internal static class FieldError
{
    public static StatusCause Required(string field, string detail = "") =>
        new("FieldValueRequired", detail.Length == 0 ? "Required value" : $"Required value: {detail}", field);

    public static StatusCause Invalid(string field, JsonNode? value, string detail) =>
        new("FieldValueInvalid", $"Invalid value: {value?.ToJsonString(FieldPath.Json) ?? "null"}: {detail}", field);

    public static StatusCause Invalid(string field, string value, string detail) =>
        Invalid(field, JsonValue.Create(value), detail);

    public static StatusCause Duplicate(string field, JsonNode? value) =>
        new("FieldValueDuplicate", $"Duplicate value: {value?.ToJsonString(FieldPath.Json)}", field);

    public static StatusCause Forbidden(string field, string detail) =>
        new("FieldValueForbidden", $"Forbidden: {detail}", field);

    public static StatusCause Unsupported(string field, string value, params IEnumerable<string> supported)
    {
        string shown = JsonValue.Create(value).ToJsonString(FieldPath.Json);
        string list = string.Join(", ", supported.Where(one => one.Length > 0).Select(one => $"\"{one}\""));
        return new StatusCause(
            "FieldValueNotSupported", $"Unsupported value: {shown}: supported values: {list}", field);
    }
}
