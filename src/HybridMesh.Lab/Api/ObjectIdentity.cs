using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>What is written where.</summary>
internal sealed record WriteTarget(ResourceType Type, ApiCall Call, string Name)
{
    public string? Namespace => Type.Namespaced ? Call.Namespace : null;

    public string ApiVersion => Type.ApiVersion(Call.Version);

    public bool IsStatus => Call.Subresource == "status";
}

/// <summary>Whether a body is what its URL says.</summary>
internal static class ObjectIdentity
{
    public static JsonObject Metadata(JsonObject item)
    {
        if (item["metadata"] is JsonObject metadata)
        {
            return metadata;
        }

        JsonObject made = [];
        item["metadata"] = made;
        return made;
    }

    public static void CheckKind(JsonObject body, ResourceType type, string version)
    {
        string apiVersion = (string?)body["apiVersion"] ?? "";
        string kind = (string?)body["kind"] ?? "";
        if (kind.Length == 0 && type.IsCustom)
        {
            throw ApiException.BadRequest(
                $"Object 'Kind' is missing in '{body.ToJsonString(FieldPath.Json)}'");
        }

        string wanted = type.ApiVersion(version);
        if (apiVersion.Length > 0 && apiVersion != wanted)
        {
            throw ApiException.BadRequest(
                $"the API version in the data ({apiVersion}) does not match the expected API version ({wanted})");
        }

        if (kind.Length > 0 && kind != type.Kind)
        {
            throw ApiException.BadRequest(
                $"{kind} in version \"{version}\" cannot be handled as a {type.Kind}: the object provided is "
                + $"unrecognized (must be of type {type.Kind})");
        }

        body["apiVersion"] = wanted;
        body["kind"] = type.Kind;
    }

    public static void SetNamespace(JsonObject metadata, ApiCall call, ResourceType type)
    {
        string given = (string?)metadata["namespace"] ?? "";
        if (!type.Namespaced)
        {
            if (given.Length > 0)
            {
                throw ApiException.BadRequest("namespace may not be set for cluster-scoped resources");
            }

            return;
        }

        if (given.Length > 0 && given != call.Namespace)
        {
            throw ApiException.BadRequest(
                "the namespace of the provided object does not match the namespace sent on the request");
        }

        metadata["namespace"] = call.Namespace;
    }

    public static void CheckName(JsonObject metadata, string name)
    {
        string given = (string?)metadata["name"] ?? "";
        if (given.Length > 0 && given != name)
        {
            throw ApiException.BadRequest(
                $"the name of the object ({given}) does not match the name on the URL ({name})");
        }

        metadata["name"] = name;
    }
}
