using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The configuration of a server-side apply: its checks before it meets the live object.</summary>
internal static class AppliedConfig
{
    public static JsonObject Check(
        WriteTarget target, ObjectDecoder decoder, JsonObject config, WriteOptions write)
    {
        string version = (string?)config["apiVersion"] ?? "";
        string kind = (string?)config["kind"] ?? "";
        if (kind.Length == 0)
        {
            throw ApiException.BadRequest($"Object 'Kind' is missing in '{config.ToJsonString(FieldPath.Json)}'");
        }

        if (version != target.ApiVersion)
        {
            throw ApiException.BadRequest(
                $"Incorrect version specified in apply patch. Specified patch version: {version}, "
                + $"expected: {target.ApiVersion}");
        }

        if (kind != target.Type.Kind)
        {
            throw ApiException.BadRequest(
                $"the kind in the patch ({kind}) does not match the kind of the resource ({target.Type.Kind})");
        }

        if (config["metadata"]?["managedFields"] is JsonArray { Count: > 0 })
        {
            throw ApiException.BadRequest("metadata.managedFields must be nil");
        }

        Guard(target, () =>
        {
            ConfigShape.Check(SchemaCatalog.Shared.Of(target.Type), config);
            return config;
        });
        JsonObject wanted = decoder.Decode(config, write.Validation);
        JsonObject metadata = ObjectIdentity.Metadata(wanted);
        ObjectIdentity.CheckName(metadata, target.Name);
        ObjectIdentity.SetNamespace(metadata, target.Call, target.Type);
        return wanted;
    }

    /// <summary>What is applied of the configuration: its preconditions are none of the object's fields.</summary>
    public static JsonObject Content(JsonObject wanted)
    {
        JsonObject content = wanted.DeepClone().AsObject();
        JsonObject metadata = content["metadata"]!.AsObject();
        foreach (string field in (string[])
            ["resourceVersion", "uid", "creationTimestamp", "generation", "managedFields"])
        {
            metadata.Remove(field);
        }

        return content;
    }

    /// <summary>Turns a shape that can't be merged into the server's answer.</summary>
    public static JsonObject Guard(WriteTarget target, Func<JsonObject> apply)
    {
        try
        {
            return apply();
        }
        catch (SchemaMismatchException failure)
        {
            throw ApiException.Internal($"{Failed(target)}: {failure.Message}");
        }
    }

    private static string Failed(WriteTarget target)
    {
        string name = target.Namespace is { } ns ? $"{ns}/{target.Name}" : $"/{target.Name}";
        return $"failed to create typed patch object ({name}; {target.ApiVersion}, Kind={target.Type.Kind})";
    }
}
