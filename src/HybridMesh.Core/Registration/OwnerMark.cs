using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Reads from an object's managedFields whether New-MeshVmApp made it, and what it holds of it.</summary>
internal static class OwnerMark
{
    /// <summary>Whether New-MeshVmApp wrote it.</summary>
    public static bool IsOurs(JsonObject item) =>
        Managers(item).Any(entry => entry.Text("manager") == FieldManagers.Registration);

    /// <summary>Who wrote an object, for messages.</summary>
    public static string WritersOf(JsonObject item)
    {
        string[] names = [.. Managers(item).Select(entry => entry.Text("manager")).OfType<string>().Distinct()];
        return names.Length == 0 ? "someone else" : string.Join(", ", names);
    }

    /// <summary>
    /// Whether applying the manifest again would surely change nothing: every value is there, and the last apply held
    /// exactly these fields, so that none would be given up. In doubt the answer is no; the server then decides.
    /// </summary>
    public static bool IsAsApplied(JsonObject item, JsonObject manifest)
    {
        JsonObject? applied = Managers(item).FirstOrDefault(entry =>
            entry.Text("manager") == FieldManagers.Registration && entry.Text("operation") == "Apply"
            && entry.At("subresource") is null);
        return applied.At("fieldsV1") is JsonObject fields
            && Contains(item, manifest)
            && SameFields(fields, ObjectContent.Of(manifest));
    }

    /// <summary>Whether every value of the manifest is in the object, which may have more.</summary>
    public static bool Contains(JsonNode? item, JsonNode? manifest) => (item, manifest) switch
    {
        (JsonObject have, JsonObject want) => want.All(pair =>
            pair.Key == "apiVersion" || Contains(have[pair.Key], pair.Value)),
        (JsonArray have, JsonArray want) => have.Count == want.Count
            && have.Zip(want).All(pair => Contains(pair.First, pair.Second)),
        _ => item?.ToJsonString() == manifest?.ToJsonString(),
    };

    private static IEnumerable<JsonObject> Managers(JsonObject item) =>
        (item.At("metadata", "managedFields") as JsonArray ?? []).OfType<JsonObject>();

    // Inside lists the field set depends on the schema's list type; the values were compared already.
    private static bool SameFields(JsonObject fields, JsonObject manifest)
    {
        List<string> held = [.. fields.Select(pair => pair.Key)
            .Where(key => key.StartsWith("f:", StringComparison.Ordinal)).Select(key => key[2..])];
        return held.Count == manifest.Count && held.All(key =>
            manifest.TryGetPropertyValue(key, out JsonNode? value)
            && (value is not JsonObject { Count: > 0 } inner
                || (fields[$"f:{key}"] is JsonObject innerFields && SameFields(innerFields, inner))));
    }
}
