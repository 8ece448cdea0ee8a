using System.Net;

namespace HybridMesh.Lab.Tests;

public sealed class ApplyTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Istio = "/apis/networking.istio.io";
    private string _ns = "";

    private string Entry => $"{Istio}/v1/namespaces/{_ns}/workloadentries/vm-1";

    public async Task InitializeAsync() => _ns = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Apply_NewObject_IsCreatedAndOwned()
    {
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, labels: {app: a}"));
        Assert.Equal(HttpStatusCode.Created, answer.Code);
        Assert.Equal("1", answer.At("metadata.generation"));
        Assert.Equal("""{"f:spec":{"f:address":{},"f:labels":{"f:app":{}}}}""", answer.FieldsOf("tester"));
        Assert.Equal("\"Apply\"", answer.At("metadata.managedFields.0.operation"));
        Assert.Equal("\"networking.istio.io/v1\"", answer.At("metadata.managedFields.0.apiVersion"));
    }

    [Fact]
    public async Task Apply_SameAgain_ChangesNothing()
    {
        ApiAnswer first = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, labels: {app: a}"));
        ApiAnswer second = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, labels: {app: a}"));
        Assert.Equal(HttpStatusCode.OK, second.Code);
        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
    }

    [Fact]
    public async Task Apply_WithoutFieldAppliedBefore_RemovesIt()
    {
        await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, weight: 5, labels: {app: a, tier: b}"));
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, labels: {app: a}"));
        Assert.Equal("""{"address":"10.0.0.1","labels":{"app":"a"}}""", answer.At("spec"));
        Assert.Equal("2", answer.At("metadata.generation"));
        answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1"));
        Assert.Equal("""{"address":"10.0.0.1"}""", answer.At("spec"));
    }

    [Fact]
    public async Task Apply_WithoutFieldAnotherOwns_KeepsIt()
    {
        await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, labels: {app: a}"));
        await api.Client.ApplyAsync(Entry, WorkloadEntry("labels: {app: a, version: v1}"), "second");
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1"));
        Assert.Equal("""{"app":"a","version":"v1"}""", answer.At("spec.labels"));
        answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("labels: {version: v1}"), "second");
        Assert.Equal("""{"version":"v1"}""", answer.At("spec.labels"));
    }

    [Fact]
    public async Task Apply_FieldOfAnotherApplier_Conflicts()
    {
        await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, weight: 5"));
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.2"), "second");
        Assert.Equal(HttpStatusCode.Conflict, answer.Code);
        Assert.Equal("Conflict", answer.Reason);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"tester\": .spec.address", answer.Message);
        Assert.Equal(
            """{"reason":"FieldManagerConflict","message":"conflict with \u0022tester\u0022","field":".spec.address"}""",
            answer.At("details.causes.0"));
        answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.2, weight: 6"), "second");
        Assert.Equal(
            "Apply failed with 2 conflicts: conflicts with \"tester\":\n- .spec.address\n- .spec.weight", answer.Message);
    }

    [Fact]
    public async Task Apply_Forced_TakesTheFieldOver()
    {
        await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, weight: 5"));
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.2"), "second", force: true);
        Assert.Equal("\"10.0.0.2\"", answer.At("spec.address"));
        Assert.Equal("""{"f:spec":{"f:weight":{}}}""", answer.FieldsOf("tester"));
        Assert.Equal("""{"f:spec":{"f:address":{}}}""", answer.FieldsOf("second"));
    }

    [Fact]
    public async Task Apply_SameValueAsAnother_SharesTheField()
    {
        await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1"));
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1"), "second");
        Assert.Equal(answer.FieldsOf("tester"), answer.FieldsOf("second"));
    }

    [Fact]
    public async Task Apply_AfterMergePatchOfItsField_ConflictsWithTheUpdater()
    {
        await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, labels: {app: a, version: v1}"));
        ApiAnswer patched = await api.Client.MergeAsync(Entry, """{"spec":{"labels":{"version":"v2"}}}""");
        Assert.Equal("""{"f:spec":{"f:labels":{"f:version":{}}}}""", patched.FieldsOf("lab-tests"));
        Assert.Equal("""{"f:spec":{"f:address":{},"f:labels":{"f:app":{}}}}""", patched.FieldsOf("tester"));
        ApiAnswer answer = await api.Client.ApplyAsync(
            Entry, WorkloadEntry("address: 10.0.0.1, labels: {app: a, version: v1}"));
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"lab-tests\" using networking.istio.io/v1: "
            + ".spec.labels.version", answer.Message);

        // What the applier no longer names, the other one's value stays.
        answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, labels: {app: a}"));
        Assert.Equal("\"v2\"", answer.At("spec.labels.version"));
    }

    [Fact]
    public async Task Apply_OtherVersionOfTheGroup_IsTheSameApplier()
    {
        await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1, weight: 3"));
        string beta = Entry.Replace("/v1/", "/v1beta1/", StringComparison.Ordinal);
        ApiAnswer answer = await api.Client.ApplyAsync(
            beta, WorkloadEntry("address: 10.0.0.9").Replace("/v1\n", "/v1beta1\n", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, answer.Code);
        Assert.Equal("\"networking.istio.io/v1beta1\"", answer.At("apiVersion"));
        Assert.Equal("""{"address":"10.0.0.9"}""", answer.At("spec"));
        Assert.Equal("\"networking.istio.io/v1\"", (await api.Client.GetAsync(Entry)).At("apiVersion"));
    }

    [Fact]
    public async Task Apply_ObjectWithoutManagedFields_ConflictsWithBeforeFirstApply()
    {
        api.Store.Update("WorkloadEntry", _ns, "vm-1", _ => new()
        {
            ["apiVersion"] = "networking.istio.io/v1",
            ["kind"] = "WorkloadEntry",
            ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "vm-1", ["namespace"] = _ns },
            ["spec"] = new System.Text.Json.Nodes.JsonObject { ["address"] = "10.0.0.7" },
        });
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.8"));
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"before-first-apply\" using networking.istio.io/v1: "
            + ".spec.address", answer.Message);
        answer = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.7"));
        Assert.Equal(HttpStatusCode.OK, answer.Code);
    }

    [Theory]
    [InlineData("?", "fieldManager", "is required for apply patch")]
    [InlineData("?fieldManager=a&dryRun=Some", "dryRun", "Unsupported value")]
    [InlineData("?fieldManager=a&fieldValidation=Maybe", "fieldValidation", "Unsupported value")]
    public async Task Apply_WithBadOptions_IsInvalid(string query, string field, string because)
    {
        ApiAnswer answer = await api.Client.SendAsync(
            HttpMethod.Patch, Entry + query, WorkloadEntry("address: 10.0.0.1"), "application/apply-patch+yaml");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Code);
        Assert.Contains($"PatchOptions.meta.k8s.io \"\" is invalid: {field}: ", answer.Message, StringComparison.Ordinal);
        Assert.Contains(because, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_OtherNameVersionOrKind_IsBadRequest()
    {
        string body = WorkloadEntry("address: 10.0.0.1");
        foreach ((string from, string to) in ((string, string)[])[
            ("vm-1", "vm-2"), ("/v1\n", "/v1alpha3\n"), ("kind: WorkloadEntry", "kind: ServiceEntry"), (_ns, "elsewhere"),
            ("kind: WorkloadEntry", "other: 1")])
        {
            ApiAnswer answer = await api.Client.ApplyAsync(Entry, body.Replace(from, to, StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.BadRequest, answer.Code);
        }
    }

    [Fact]
    public async Task Apply_JsonBody_IsYamlToo()
    {
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, """
            {"apiVersion":"networking.istio.io/v1","kind":"WorkloadEntry","metadata":{"name":"vm-1"},
             "spec":{"address":"10.0.0.1","ports":{"http":8001}}}
            """);
        Assert.Equal(HttpStatusCode.Created, answer.Code);
        Assert.Equal("8001", answer.At("spec.ports.http"));
    }

    [Fact]
    public async Task Apply_StaleResourceVersion_Conflicts()
    {
        ApiAnswer first = await api.Client.ApplyAsync(Entry, WorkloadEntry("address: 10.0.0.1"));
        await api.Client.MergeAsync(Entry, """{"metadata":{"labels":{"a":"b"}}}""");
        string body = WorkloadEntry("address: 10.0.0.2").Replace(
            "name: vm-1", $"name: vm-1\n  resourceVersion: \"{first.Version}\"", StringComparison.Ordinal);
        ApiAnswer answer = await api.Client.ApplyAsync(Entry, body);
        Assert.Equal(HttpStatusCode.Conflict, answer.Code);
        Assert.Contains("the object has been modified", answer.Message, StringComparison.Ordinal);
    }

    private string WorkloadEntry(string spec) =>
        $$"""
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata:
          name: vm-1
          namespace: {{_ns}}
        spec: { {{spec}} }
        """;
}
