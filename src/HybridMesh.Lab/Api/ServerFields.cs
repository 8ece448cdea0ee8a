using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The fields the server sets itself, whatever the writer says.</summary>
internal static class ServerFields
{
    private static readonly string[] Kept =
        ["uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds",
         "generateName"];

    public static void SetForCreation(WriteTarget target, JsonObject item, TimeProvider clock)
    {
        JsonObject metadata = ObjectIdentity.Metadata(item);
        foreach (string field in Kept[..6])
        {
            metadata.Remove(field);
        }

        metadata["name"] = target.Name;
        if (target.Namespace is { } ns)
        {
            metadata["namespace"] = ns;
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = FieldOwner.Timestamp(clock);
        if (HasGeneration(target.Type))
        {
            metadata["generation"] = 1;
        }

        if (target.Type.HasStatus)
        {
            item.Remove("status");
        }

        item["apiVersion"] = target.Type.StoredApiVersion;
        item["kind"] = target.Type.Kind;
    }

    public static JsonObject KeepFromLive(WriteTarget target, JsonObject live, JsonObject wanted)
    {
        JsonObject item = wanted.DeepClone().AsObject();
        JsonObject metadata = ObjectIdentity.Metadata(item);
        JsonObject own = live["metadata"]!.AsObject();
        foreach (string field in Kept)
        {
            Take(metadata, own, field);
        }

        if (target.IsStatus)
        {
            JsonObject result = live.DeepClone().AsObject();
            Take(result, item, "status");
            Take(result["metadata"]!.AsObject(), metadata, "managedFields");
            return result;
        }

        if (target.Type.HasStatus)
        {
            Take(item, live, "status");
        }

        return item;
    }

    public static void CountGeneration(ResourceType type, JsonObject item, JsonObject live)
    {
        if (HasGeneration(type) && !JsonNode.DeepEquals(Content(item), Content(live)))
        {
            long generation = long.Parse(
                live["metadata"]?["generation"]?.ToString() ?? "0", CultureInfo.InvariantCulture);
            item["metadata"]!.AsObject()["generation"] = generation + 1;
        }
    }

    /// <summary>Whether a write changes nothing but the times of managedFields, which is to change nothing.</summary>
    public static bool IsSame(JsonObject live, JsonObject item) =>
        JsonNode.DeepEquals(WithoutTimes(live), WithoutTimes(item));

    private static bool HasGeneration(ResourceType type) => type.IsCustom || type.Kind is "Deployment" or "Pod";

    private static void Take(JsonObject target, JsonObject source, string field)
    {
        if (source.TryGetPropertyValue(field, out JsonNode? value))
        {
            target[field] = value?.DeepClone();
        }
        else
        {
            target.Remove(field);
        }
    }

    /// <summary>What the generation counts: all but metadata and status.</summary>
    private static JsonObject Content(JsonObject item)
    {
        JsonObject content = item.DeepClone().AsObject();
        content.Remove("apiVersion");
        content.Remove("metadata");
        content.Remove("status");
        return content;
    }

    private static JsonObject WithoutTimes(JsonObject item)
    {
        JsonObject result = item.DeepClone().AsObject();
        foreach (JsonNode? entry in result["metadata"]?["managedFields"] as JsonArray ?? [])
        {
            (entry as JsonObject)?.Remove("time");
        }

        return result;
    }
}
