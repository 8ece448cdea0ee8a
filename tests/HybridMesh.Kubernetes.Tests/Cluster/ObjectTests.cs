using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>Objects on a whole API server, the lab's or a real one.</summary>
[Collection(ClusterTests.Name)]
public sealed class ObjectTests(ClusterFixture cluster)
{
    private readonly CancellationToken _limit = ClusterFixture.Limit();

    [Fact]
    public async Task Version_IsKubernetes1()
    {
        Assert.StartsWith("v1.", await cluster.Data.GetVersionAsync(_limit));
    }

    [Fact]
    public async Task Discover_FindsIstioKindsPreferredVersionFirst()
    {
        IReadOnlyList<KubernetesKind> kinds = await cluster.Control.DiscoverAsync(_limit);

        KubernetesKind[] entries = [.. kinds.Where(kind => kind.Kind == "WorkloadEntry")];
        Assert.Contains(entries, kind => kind.Version == "v1beta1");
        Assert.All(entries, kind => Assert.Equal(("workloadentries", true), (kind.Plural, kind.Namespaced)));
        Assert.Contains(KubernetesKind.Namespace, await cluster.Data.DiscoverAsync(_limit));
        Assert.DoesNotContain(kinds, kind => kind.Plural.Contains('/'));
    }

    [Fact]
    public async Task Apply_Twice_ChangesNothingTheSecondTime()
    {
        JsonObject entry = Entry();

        JsonObject first = await ApplyAsync(entry);
        JsonObject second = await ApplyAsync(entry);

        Assert.Equal(Version(first), Version(second));
    }

    [Fact]
    public async Task Apply_DryRun_StoresNothing()
    {
        JsonObject entry = Entry();

        JsonObject answer = await cluster.Control.ApplyAsync(
            cluster.WorkloadEntry, entry, new ApplyOptions("a", DryRun: true), _limit);

        Assert.Equal("127.0.0.1", (string?)answer["spec"]!["address"]);
        Assert.Null(await FindAsync(Name(entry)));
    }

    [Fact]
    public async Task Apply_FieldOfAnotherManager_IsConflictUnlessForced()
    {
        JsonObject entry = Entry();
        await ApplyAsync(entry, "first");
        entry["spec"]!["address"] = "127.0.0.2";

        MeshException e = await Assert.ThrowsAsync<MeshException>(() => ApplyAsync(entry, "second"));
        JsonObject forced = await cluster.Control.ApplyAsync(
            cluster.WorkloadEntry, entry, new ApplyOptions("second", Force: true), _limit);

        Assert.Equal(MeshErrorCode.Conflict, e.Code);
        Assert.Contains(".spec.address belongs to 'first'", e.Message);
        Assert.Equal("127.0.0.2", (string?)forced["spec"]!["address"]);
    }

    [Fact]
    public async Task Apply_NamespaceMissing_NamesIt()
    {
        JsonObject entry = Entry();
        entry["metadata"]!["namespace"] = "hybridmesh-no-such-namespace";

        MeshException e = await Assert.ThrowsAsync<MeshException>(() => ApplyAsync(entry));

        Assert.Equal(MeshErrorCode.ObjectNotFound, e.Code);
        Assert.StartsWith("Namespace hybridmesh-no-such-namespace does not exist", e.Message);
    }

    [Fact]
    public async Task Apply_KindNobodyServes_IsKindNotServed()
    {
        JsonObject thing = Entry();
        KubernetesKind kind = new("hybridmesh.invalid", "v1", "Thing", "things", true);
        thing["apiVersion"] = kind.ApiVersion;
        thing["kind"] = kind.Kind;

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => cluster.Data.ApplyAsync(kind, thing, new ApplyOptions("a"), _limit));

        Assert.Equal(MeshErrorCode.KindNotServed, e.Code);
    }

    [Fact]
    public async Task Apply_WhatTheServerRefuses_NamesTheField()
    {
        string name = cluster.NewName(MeshPlane.Data, KubernetesKind.Service);
        JsonObject service = Parse($$"""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"{{name}}","namespace":"{{cluster.Namespace}}"},
             "spec":{"ports":[{"name":"http","port":70000}]} }
            """);

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => cluster.Data.ApplyAsync(KubernetesKind.Service, service, new ApplyOptions("a"), _limit));

        Assert.Equal(MeshErrorCode.ObjectInvalid, e.Code);
        Assert.Contains("spec.ports[0].port", e.Message);
    }

    [Fact]
    public async Task Apply_FieldTheSchemaLacks_IsObjectInvalidAndNamesIt()
    {
        JsonObject entry = Entry();
        entry["spec"]!["adress"] = "127.0.0.1";

        MeshException e = await Assert.ThrowsAsync<MeshException>(() => ApplyAsync(entry));

        Assert.Equal(MeshErrorCode.ObjectInvalid, e.Code);
        Assert.Contains(".spec.adress: field not declared in schema", e.Message);
    }

    [Fact]
    public async Task Create_Existing_IsObjectExists()
    {
        JsonObject entry = Entry();
        await cluster.Control.CreateAsync(cluster.WorkloadEntry, entry, "a", dryRun: false, _limit);

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => cluster.Control.CreateAsync(cluster.WorkloadEntry, entry, "a", dryRun: false, _limit));

        Assert.Equal(MeshErrorCode.ObjectExists, e.Code);
    }

    [Fact]
    public async Task Find_Missing_IsNull()
    {
        Assert.Null(await FindAsync("hm-no-such-entry"));
        Assert.Null(await cluster.Control.FindAsync(
            cluster.WorkloadEntry, "hybridmesh-no-such-namespace", "a", _limit));
    }

    [Fact]
    public async Task MergePatch_OneLabel_KeepsTheOthers()
    {
        JsonObject entry = Entry();
        await ApplyAsync(entry);

        JsonObject patched = await cluster.Control.MergePatchAsync(
            cluster.WorkloadEntry, cluster.Namespace, Name(entry), Parse("""{"spec":{"labels":{"version":"v2"}}}"""),
            "b", dryRun: false, _limit);

        Assert.Equal("""{"app":"hm","version":"v2"}""", Sorted(patched["spec"]!["labels"]!));
    }

    [Fact]
    public async Task MergePatch_StaleVersion_IsConflict()
    {
        JsonObject entry = Entry();
        JsonObject stored = await ApplyAsync(entry);
        await cluster.Control.MergePatchAsync(
            cluster.WorkloadEntry, cluster.Namespace, Name(entry), Parse("""{"spec":{"labels":{"version":"v2"}}}"""),
            "b", dryRun: false, _limit);

        MeshException e = await Assert.ThrowsAsync<MeshException>(() => cluster.Control.MergePatchAsync(
            cluster.WorkloadEntry, cluster.Namespace, Name(entry),
            Parse($$"""{"metadata":{"resourceVersion":"{{Version(stored)}}"},"spec":{"labels":{"version":"v3"} } }"""),
            "c", dryRun: false, _limit));

        Assert.Equal(MeshErrorCode.Conflict, e.Code);
    }

    [Fact]
    public async Task Replace_StaleVersion_IsConflictAndFreshOneIsStored()
    {
        JsonObject stored = await ApplyAsync(Entry());
        JsonObject first = stored.DeepClone().AsObject();
        first["spec"]!["weight"] = 5;
        await cluster.Control.ReplaceAsync(cluster.WorkloadEntry, first, "b", dryRun: false, _limit);
        stored["spec"]!["weight"] = 6;

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => cluster.Control.ReplaceAsync(cluster.WorkloadEntry, stored, "c", dryRun: false, _limit));

        Assert.Equal(MeshErrorCode.Conflict, e.Code);
        Assert.Equal(5, (int?)(await FindAsync(Name(stored)))!["spec"]!["weight"]);
    }

    [Fact]
    public async Task Delete_OtherUid_IsConflict_ThenRemoved_ThenNone()
    {
        JsonObject entry = Entry();
        await ApplyAsync(entry);

        MeshException e = await Assert.ThrowsAsync<MeshException>(() => DeleteAsync(entry, Guid.NewGuid().ToString()));

        Assert.Equal(MeshErrorCode.Conflict, e.Code);
        Assert.True(await DeleteAsync(entry, null));
        Assert.False(await DeleteAsync(entry, null));
    }

    [Fact]
    public async Task List_ByLabel_FindsOnlyThose()
    {
        JsonObject entry = Entry();
        entry["metadata"]!["labels"] = new JsonObject { ["hm-test"] = Name(entry) };
        await ApplyAsync(entry);
        await ApplyAsync(Entry());

        List<JsonObject> found = [];
        await foreach (JsonObject item in cluster.Control.ListAsync(
            cluster.WorkloadEntry, cluster.Namespace, $"hm-test={Name(entry)}", _limit))
        {
            found.Add(item);
        }

        JsonObject only = Assert.Single(found);
        Assert.Equal((Name(entry), "WorkloadEntry"), (Name(only), (string?)only["kind"]));
    }

    private JsonObject Entry() => Parse($$"""
        {"apiVersion":"{{cluster.WorkloadEntry.ApiVersion}}","kind":"WorkloadEntry",
         "metadata":{"name":"{{cluster.NewName(MeshPlane.Control, cluster.WorkloadEntry)}}","namespace":"{{cluster.Namespace}}"},
         "spec":{"address":"127.0.0.1","labels":{"app":"hm"} } }
        """);

    private Task<JsonObject> ApplyAsync(JsonObject entry, string manager = "a") =>
        cluster.Control.ApplyAsync(cluster.WorkloadEntry, entry, new ApplyOptions(manager), _limit);

    private Task<JsonObject?> FindAsync(string name) =>
        cluster.Control.FindAsync(cluster.WorkloadEntry, cluster.Namespace, name, _limit);

    private Task<bool> DeleteAsync(JsonObject entry, string? uid) => cluster.Control.DeleteAsync(
        cluster.WorkloadEntry, cluster.Namespace, Name(entry), uid, dryRun: false, _limit);

    private static string Name(JsonObject item) => (string)item["metadata"]!["name"]!;

    private static string Version(JsonObject item) => (string)item["metadata"]!["resourceVersion"]!;

    private static string Sorted(JsonNode map) => new JsonObject(map.AsObject()
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))).ToJsonString();

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
