using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Answers the calls that change objects.</summary>
internal sealed class ObjectEndpoint(ObjectStore store, IReadOnlyList<ResourceType> types, ApiServerOptions options)
{
    private const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";
    private readonly ObjectWriter _writer = new(store, types, options);

    public async Task CreateAsync(ApiCall call, ResourceType type)
    {
        WriteOptions write = WriteOptions.Parse(call, "CreateOptions", apply: false);
        JsonObject body = await BodyReader.ReadObjectAsync(call.Http);
        ObjectIdentity.CheckKind(body, type, call.Version);
        ObjectDecoder decoder = new(type, call.Version);
        JsonObject wanted = decoder.Decode(body, write.Validation);
        JsonObject metadata = ObjectIdentity.Metadata(wanted);
        ObjectIdentity.SetNamespace(metadata, call, type);
        if (ObjectView.Name(wanted).Length == 0 && (string?)metadata["generateName"] is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix + RandomNumberGenerator.GetString(NameLetters, 5);
        }

        JsonObject created = _writer.Create(new WriteTarget(type, call, ObjectView.Name(wanted)), wanted, write);
        call.Http.AddWarnings(decoder.Warnings);
        await call.Http.WriteJsonAsync(201, ObjectView.At(type, call.Version, created));
    }

    public async Task ChangeAsync(ApiCall call, ResourceType type)
    {
        bool apply = call.Verb == "patch" && BodyReader.ContentType(call.Http) == BodyReader.ApplyType;
        WriteOptions write = WriteOptions.Parse(call, call.Verb == "patch" ? "PatchOptions" : "UpdateOptions", apply);
        JsonObject body = call.Verb == "patch"
            ? await BodyReader.ReadPatchAsync(call.Http) : await BodyReader.ReadObjectAsync(call.Http);
        WriteTarget target = new(type, call, call.Name!);
        ObjectDecoder decoder = new(type, call.Version);
        bool created = false;
        JsonObject result;
        if (call.Verb == "update")
        {
            ObjectIdentity.CheckKind(body, type, call.Version);
            result = _writer.Replace(target, decoder.Decode(body, write.Validation), write);
        }
        else if (apply)
        {
            result = _writer.Apply(target, decoder, body, write, out created);
        }
        else
        {
            result = _writer.Patch(target, decoder, body, write);
        }

        call.Http.AddWarnings(decoder.Warnings);
        await call.Http.WriteJsonAsync(created ? 201 : 200, ObjectView.At(type, call.Version, result));
    }

    public async Task DeleteAsync(ApiCall call, ResourceType type)
    {
        JsonObject body = await BodyReader.ReadOptionsAsync(call.Http);
        List<string?> dryRun =
            [.. call.Query["dryRun"], .. (body["dryRun"] as JsonArray ?? []).Select(value => (string?)value)];
        List<StatusCause> causes = [.. WriteOptions.CheckDryRun(dryRun)];
        if (causes.Count > 0)
        {
            throw ApiException.Invalid("meta.k8s.io", "DeleteOptions", "", causes);
        }

        JsonObject deleted = _writer.Delete(
            new WriteTarget(type, call, call.Name!), body["preconditions"] as JsonObject, dryRun.Count > 0);
        await call.Http.WriteJsonAsync(200, type.Kind is "Pod" or "Service" or "ServiceAccount" or "Namespace"
            ? ObjectView.At(type, call.Version, deleted) : Deleted(type, deleted));
    }

    private static JsonObject Deleted(ResourceType type, JsonObject item)
    {
        JsonObject details = ApiException.Details(type, ObjectView.Name(item));
        details["uid"] = (string?)item["metadata"]?["uid"];
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
