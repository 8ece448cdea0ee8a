using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// Who owns which fields of an object: the algorithm of structured-merge-diff v6 as the API server wraps it. The object
/// before a creation is the kind's empty one, so that a creator does not own structures that are always there.
/// </summary>
internal sealed class FieldManagement(
    ResourceType type, SchemaNode schema, string apiVersion, string subresource, TimeProvider clock)
{
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>Fields nobody owns, because they name the object or belong to the server.</summary>
    private static readonly FieldSet Unowned = FieldSet.FromJson(JsonNode.Parse("""
        {"f:apiVersion":{},"f:kind":{},"f:metadata":{".":{},"f:name":{},"f:namespace":{},"f:creationTimestamp":{},
         "f:selfLink":{},"f:uid":{},"f:generation":{},"f:managedFields":{},"f:resourceVersion":{}}}
        """)!.AsObject());

    /// <summary>The live object with the configuration applied; throws a conflict unless forced.</summary>
    public JsonObject Apply(JsonObject? live, JsonObject config, string manager, bool force)
    {
        FieldSet fields = ObjectFields.OfConfig(schema, config);
        List<FieldOwner> owners = FieldOwner.Read(live);
        JsonObject before = live is null ? EmptyObject.Of(type) : Without(live);
        if (live is not null && owners.Count == 0)
        {
            owners = Updated(owners, EmptyObject.Of(type), before, BeforeFirstApply);
        }

        FieldOwner identity = Owner(manager, FieldOwner.Apply, new FieldSet());
        FieldOwner? last = owners.Find(owner => owner.Identity == identity.Identity);
        FieldOwner applied = identity with { Fields = Reset(fields), Time = last?.Time };
        JsonObject merged = ObjectMerge.Merge(schema, before, config);
        List<FieldOwner> all = [.. owners.Where(owner => owner.Identity != identity.Identity), applied];
        JsonObject result = Prune(merged, all, last);
        all = Resolve(before, result, all, applied.Identity, force);
        all = all.ConvertAll(Strip);
        string now = FieldOwner.Timestamp(clock);
        all = all.ConvertAll(owner => owner.Identity == identity.Identity ? owner with { Time = now } : owner);
        return With(result, all.Where(owner => !owner.Fields.IsEmpty));
    }

    /// <summary>The wanted object, its changes owned by the manager.</summary>
    public JsonObject Update(JsonObject? live, JsonObject wanted, string manager)
    {
        List<FieldOwner> owners = FieldOwner.Read(live);
        JsonObject after = Without(wanted);
        if (live is not null && owners.Count == 0)
        {
            return after;
        }

        JsonObject before = live is null ? EmptyObject.Of(type) : Without(live);
        return With(after, Updated(owners, before, after, manager));
    }

    private List<FieldOwner> Updated(List<FieldOwner> owners, JsonObject before, JsonObject after, string manager)
    {
        ObjectComparison changes = ObjectComparison.Of(schema, before, after);
        FieldSet set = changes.Modified.Union(changes.Added);
        List<FieldOwner> others = owners.ConvertAll(owner => Strip(owner with
        {
            Fields = owner.Fields.Difference(set).Difference(changes.Removed),
        }));
        FieldOwner mine = Strip(Owner(manager, FieldOwner.Update, Reset(set)));
        if (!mine.Fields.IsEmpty)
        {
            FieldOwner? previous = others.Find(owner => owner.Identity == mine.Identity);
            others.RemoveAll(owner => owner.Identity == mine.Identity);
            others.Add(mine with
            {
                Fields = previous is null ? mine.Fields : previous.Fields.Union(mine.Fields),
                Time = FieldOwner.Timestamp(clock),
            });
        }

        others.RemoveAll(owner => owner.Fields.IsEmpty);
        return others;
    }

    /// <summary>Removes what the applier set last time and neither it nor another one sets now.</summary>
    private JsonObject Prune(JsonObject merged, List<FieldOwner> owners, FieldOwner? last)
    {
        if (last is null || last.Fields.IsEmpty)
        {
            return merged;
        }

        FieldSet lastSet = last.Fields.WithNamedFields(schema);
        JsonObject pruned = ObjectFields.Remove(schema, merged, lastSet);
        FieldSet owned = owners.Aggregate(new FieldSet(), (all, owner) => all.Union(owner.Fields));
        FieldSet mergedSet = ObjectFields.Of(schema, merged).WithNamedFields(schema);
        FieldSet prunedSet = ObjectFields.Of(schema, pruned).WithNamedFields(schema);
        pruned = ObjectFields.Remove(
            schema, merged, mergedSet.Difference(prunedSet.Union(owned.WithNamedFields(schema))));

        // What is gone but was not the applier's own comes back: fields nobody owns are no one's to remove.
        prunedSet = ObjectFields.Of(schema, pruned).WithNamedFields(schema);
        return ObjectFields.Remove(schema, merged, mergedSet.Difference(prunedSet).Intersection(lastSet));
    }

    private List<FieldOwner> Resolve(
        JsonObject before, JsonObject after, List<FieldOwner> owners, (string, string, string, string) applier,
        bool force)
    {
        ObjectComparison changes = ObjectComparison.Of(schema, before, after);
        FieldSet set = changes.Modified.Union(changes.Added);
        List<(FieldOwner Owner, FieldSet Fields)> conflicts = [.. owners
            .Where(owner => owner.Identity != applier)
            .Select(owner => (owner, owner.Fields.Intersection(set)))
            .Where(pair => !pair.Item2.IsEmpty)];
        if (conflicts.Count > 0 && !force)
        {
            throw Conflict(conflicts);
        }

        return owners.ConvertAll(owner => owner.Identity == applier
            ? owner
            : owner with { Fields = owner.Fields.Difference(set).Difference(changes.Removed) });
    }

    private static ApiException Conflict(List<(FieldOwner Owner, FieldSet Fields)> conflicts)
    {
        List<(string Owner, string Path)> all = [.. conflicts
            .SelectMany(pair => pair.Fields.Members.Select(path => (pair.Owner.ToString(), FieldPath.Format(path))))
            .OrderBy(pair => pair.Item1, StringComparer.Ordinal)];
        string message = all.Count == 1
            ? $"Apply failed with 1 conflict: conflict with {all[0].Owner}: {all[0].Path}"
            : $"Apply failed with {all.Count} conflicts: " + string.Join('\n', all.GroupBy(pair => pair.Owner).Select(
                group => $"conflicts with {group.Key}:\n" + string.Join('\n', group.Select(pair => $"- {pair.Path}"))));
        return ApiException.ApplyConflict(
            message,
            all.Select(pair => new StatusCause("FieldManagerConflict", $"conflict with {pair.Owner}", pair.Path)));
    }

    private FieldOwner Owner(string manager, string operation, FieldSet fields) =>
        new(manager, operation, apiVersion, subresource, fields);

    private static FieldOwner Strip(FieldOwner owner) =>
        owner with { Fields = owner.Fields.Difference(Unowned) };

    /// <summary>The main resource never owns the status, the status subresource nothing else.</summary>
    private FieldSet Reset(FieldSet fields) => subresource == "status"
        ? fields.Filter(element => element == "f:status")
        : type.HasStatus ? fields.Filter(element => element != "f:status") : fields;

    private static JsonObject Without(JsonObject item)
    {
        JsonObject result = item.DeepClone().AsObject();
        (result["metadata"] as JsonObject)?.Remove("managedFields");
        return result;
    }

    private static JsonObject With(JsonObject item, IEnumerable<FieldOwner> owners)
    {
        JsonArray entries = FieldOwner.Write(owners);
        if (entries.Count > 0)
        {
            item["metadata"]!.AsObject()["managedFields"] = entries;
        }

        return item;
    }
}
