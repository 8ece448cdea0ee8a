using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The rules of every object's metadata.</summary>
internal static class MetadataValidation
{
    private const int AnnotationBytes = 256 * 1024;

    public static IEnumerable<StatusCause> Check(ResourceType type, JsonObject item)
    {
        JsonObject metadata = item["metadata"]!.AsObject();
        string name = ObjectView.Name(item);
        IEnumerable<string> errors = type.Kind switch
        {
            "Namespace" => NameRules.Label1123(name),
            "Service" => NameRules.Label1035(name),
            _ => NameRules.Subdomain(name),
        };
        return
        [
            .. errors.Select(error => FieldError.Invalid("metadata.name", name, error)),
            .. Labels(metadata["labels"] as JsonObject, "metadata.labels"),
            .. Annotations(metadata["annotations"] as JsonObject),
        ];
    }

    public static IEnumerable<StatusCause> Labels(JsonObject? labels, string field)
    {
        foreach ((string key, JsonNode? value) in labels ?? [])
        {
            foreach (string error in NameRules.LabelKey(key))
            {
                yield return FieldError.Invalid(field, key, error);
            }

            string text = value?.ToString() ?? "";
            foreach (string error in NameRules.LabelValue(text))
            {
                yield return FieldError.Invalid(field, text, error);
            }
        }
    }

    private static IEnumerable<StatusCause> Annotations(JsonObject? annotations)
    {
        int size = 0;
        foreach ((string key, JsonNode? value) in annotations ?? [])
        {
            size += key.Length + (value?.ToString().Length ?? 0);
            foreach (string error in NameRules.LabelKey(key.ToLowerInvariant()))
            {
                yield return FieldError.Invalid("metadata.annotations", key, error);
            }
        }

        if (size > AnnotationBytes)
        {
            yield return new StatusCause(
                "FieldValueTooLong", $"Too long: may not be more than {AnnotationBytes} bytes", "metadata.annotations");
        }
    }
}
