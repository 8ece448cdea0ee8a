using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// The writing path of the server: fields' owners, defaults, what the server sets itself, validation, storing. All of a
/// write happens under the store's lock, so that reading and writing are one step.
/// </summary>
internal sealed class ObjectWriter(ObjectStore store, IReadOnlyList<ResourceType> types, ApiServerOptions options)
{
    private readonly KindStrategies _strategies = new(store, options);

    public JsonObject Create(WriteTarget target, JsonObject wanted, WriteOptions write)
    {
        JsonObject created = Write(target, write.DryRun, live =>
        {
            CheckNamespace(target);
            if ((string?)wanted["metadata"]?["resourceVersion"] is { Length: > 0 })
            {
                throw ApiException.Internal("resourceVersion should not be set on objects to be created");
            }

            JsonObject ready = Managed(target).Update(null, ForCreation(target, wanted), write.Manager);
            return Insert(target, live, ready, write.DryRun);
        });
        Furnish(target, write.DryRun);
        return created;
    }

    public JsonObject Replace(WriteTarget target, JsonObject wanted, WriteOptions write)
    {
        JsonObject metadata = ObjectIdentity.Metadata(wanted);
        ObjectIdentity.CheckName(metadata, target.Name);
        ObjectIdentity.SetNamespace(metadata, target.Call, target.Type);
        return Write(target, write.DryRun, live =>
        {
            CheckNamespace(target);
            live = live ?? throw ApiException.NotFound(target.Type, target.Name);
            if (target.Type.IsCustom && (string?)metadata["resourceVersion"] is null or "")
            {
                throw ApiException.Invalid(target.Type.Group, target.Type.Kind, target.Name, [new StatusCause(
                    "FieldValueInvalid", "Invalid value: 0: must be specified for an update",
                    "metadata.resourceVersion")]);
            }

            return Change(target, live, wanted, write);
        });
    }

    public JsonObject Patch(WriteTarget target, ObjectDecoder decoder, JsonObject patch, WriteOptions write) =>
        Write(target, write.DryRun, live =>
        {
            live = live ?? throw ApiException.NotFound(target.Type, target.Name);
            JsonObject patched = MergePatch.Apply(ObjectView.At(target.Type, target.Call.Version, live), patch);
            ObjectIdentity.CheckKind(patched, target.Type, target.Call.Version);
            JsonObject wanted = decoder.Decode(patched, write.Validation);
            CheckPatchedIdentity(target, wanted);
            return Change(target, live, wanted, write);
        });

    public JsonObject Apply(
        WriteTarget target, ObjectDecoder decoder, JsonObject config, WriteOptions write, out bool created)
    {
        JsonObject wanted = AppliedConfig.Check(target, decoder, config, write);
        bool inserted = false;
        JsonObject result = Write(target, write.DryRun, live =>
        {
            CheckNamespace(target);
            inserted = live is null;
            if (live is null && target.IsStatus)
            {
                throw ApiException.NotFound(target.Type, target.Name);
            }

            CheckVersion(target, live, (string?)wanted["metadata"]?["resourceVersion"]);
            JsonObject merged = AppliedConfig.Guard(target, () =>
                Managed(target).Apply(live, AppliedConfig.Content(wanted), write.Manager, write.Force));
            return live is null
                ? Insert(target, null, ForCreation(target, merged), write.DryRun)
                : Finish(target, live, KindStrategies.Default(target.Type, merged));
        });
        created = inserted;
        if (created)
        {
            Furnish(target, write.DryRun);
        }

        return result;
    }

    public JsonObject Delete(WriteTarget target, JsonObject? preconditions, bool dryRun)
    {
        if (target.Type == ResourceTypes.Namespace && StandardNamespaces.IsProtected(target.Name))
        {
            throw ApiException.Forbidden(target.Type, target.Name, "this namespace may not be deleted");
        }

        JsonObject? deleted = null;
        JsonObject? Remove(JsonObject? live)
        {
            deleted = live ?? throw ApiException.NotFound(target.Type, target.Name);
            CheckPrecondition(target, live, preconditions, "uid", "UID");
            CheckPrecondition(target, live, preconditions, "resourceVersion", "ResourceVersion");
            return null;
        }

        if (dryRun)
        {
            Remove(store.Find(target.Type.Kind, target.Namespace, target.Name));
        }
        else
        {
            deleted = store.Update(target.Type.Kind, target.Namespace, target.Name, Remove);
        }

        if (target.Type == ResourceTypes.Namespace && !dryRun)
        {
            StandardNamespaces.Empty(store, types, target.Name);
        }

        return deleted!;
    }

    /// <summary>An update or merge patch: its changes belong to the writer.</summary>
    private JsonObject Change(WriteTarget target, JsonObject live, JsonObject wanted, WriteOptions write)
    {
        CheckVersion(target, live, (string?)wanted["metadata"]?["resourceVersion"]);
        if ((string?)wanted["metadata"]?["uid"] is { Length: > 0 } uid && uid != (string?)live["metadata"]?["uid"])
        {
            throw Precondition(target, "UID", uid, (string?)live["metadata"]?["uid"]);
        }

        JsonObject ready = ServerFields.KeepFromLive(target, live, KindStrategies.Default(target.Type, wanted));
        return Finish(target, live, Managed(target).Update(live, ready, write.Manager));
    }

    private JsonObject ForCreation(WriteTarget target, JsonObject wanted)
    {
        JsonObject ready = KindStrategies.Default(target.Type, wanted);
        ServerFields.SetForCreation(target, ready, options.Clock);
        return ready;
    }

    private JsonObject Insert(WriteTarget target, JsonObject? live, JsonObject ready, bool dryRun)
    {
        _strategies.PrepareCreate(target.Type, ready, dryRun);
        ready = JsonTree.Parsed(ready);
        Validate(target, ready, null);
        return live is null ? ready : throw ApiException.Exists(target.Type, target.Name);
    }

    private JsonObject Finish(WriteTarget target, JsonObject live, JsonObject changed)
    {
        JsonObject ready = ServerFields.KeepFromLive(target, live, changed);
        _strategies.PrepareUpdate(target.Type, ready, live);
        ready = JsonTree.Parsed(ready);
        ServerFields.CountGeneration(target.Type, ready, live);
        Validate(target, ready, live);
        ready["apiVersion"] = target.Type.StoredApiVersion;
        return ServerFields.IsSame(live, ready) ? live : ready;
    }

    private void Validate(WriteTarget target, JsonObject ready, JsonObject? live)
    {
        List<StatusCause> causes =
            [.. MetadataValidation.Check(target.Type, ready), .. _strategies.Validate(target.Type, ready, live)];
        if (causes.Count > 0)
        {
            throw ApiException.Invalid(target.Type.Group, target.Type.Kind, target.Name, causes);
        }

        KindStrategies.Admit(target.Type, ready);
    }

    private JsonObject Write(WriteTarget target, bool dryRun, Func<JsonObject?, JsonObject> change)
    {
        if (target.Name.Length == 0)
        {
            throw ApiException.Invalid(target.Type.Group, target.Type.Kind, "", [
                FieldError.Required("metadata.name", "name or generateName is required")]);
        }

        return dryRun
            ? change(store.Find(target.Type.Kind, target.Namespace, target.Name))
            : store.Update(target.Type.Kind, target.Namespace, target.Name, change)!;
    }

    private FieldManagement Managed(WriteTarget target) => new(
        target.Type, SchemaCatalog.Shared.Of(target.Type), target.ApiVersion, target.Call.Subresource, options.Clock);

    private void CheckNamespace(WriteTarget target)
    {
        if (target.Namespace is { } ns && store.Find("Namespace", null, ns) is null)
        {
            throw ApiException.NotFound(ResourceTypes.Namespace, ns);
        }
    }

    private void Furnish(WriteTarget target, bool dryRun)
    {
        if (target.Type == ResourceTypes.Namespace && !dryRun)
        {
            StandardNamespaces.Furnish(store, types, target.Name);
            options.Furnish?.Invoke(target.Name);
        }
    }

    private static void CheckVersion(WriteTarget target, JsonObject? live, string? version)
    {
        if (!string.IsNullOrEmpty(version) && version != "0"
            && version != (string?)live?["metadata"]?["resourceVersion"])
        {
            throw ApiException.Stale(target.Type, target.Name);
        }
    }

    private static void CheckPatchedIdentity(WriteTarget target, JsonObject wanted)
    {
        JsonObject metadata = ObjectIdentity.Metadata(wanted);
        string given = (string?)metadata["name"] ?? "";
        if (given != target.Name)
        {
            throw ApiException.BadRequest(
                $"the name of the object ({given}) does not match the name on the URL ({target.Name})");
        }

        ObjectIdentity.SetNamespace(metadata, target.Call, target.Type);
    }

    private static void CheckPrecondition(
        WriteTarget target, JsonObject live, JsonObject? preconditions, string field, string shown)
    {
        string? wanted = (string?)preconditions?[field];
        string? own = (string?)live["metadata"]?[field];
        if (wanted is not null && wanted != own)
        {
            throw Precondition(target, shown, wanted, own);
        }
    }

    private static ApiException Precondition(WriteTarget target, string field, string wanted, string? own) =>
        ApiException.Conflict(
            target.Type, target.Name,
            $"Precondition failed: {field} in precondition: {wanted}, {field} in object meta: {own}");
}
