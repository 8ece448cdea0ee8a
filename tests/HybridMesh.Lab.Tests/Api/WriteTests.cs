using System.Net;

namespace HybridMesh.Lab.Tests;

/// <summary>Create, replace, merge patch, delete, status and dry run.</summary>
public sealed class WriteTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private string _ns = "";

    private string Maps => $"/api/v1/namespaces/{_ns}/configmaps";

    private string Entries => $"/apis/networking.istio.io/v1/namespaces/{_ns}/workloadentries";

    public async Task InitializeAsync() => _ns = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Create_Twice_AlreadyExists()
    {
        ApiAnswer answer = await api.Client.PostAsync(Maps, Map());
        Assert.Equal(HttpStatusCode.Created, answer.Code);
        Assert.NotEqual("", answer.At("metadata.uid"));
        Assert.Equal("""{"f:data":{".":{},"f:a":{}}}""", answer.FieldsOf("lab-tests"));
        answer = await api.Client.PostAsync(Maps, Map());
        Assert.Equal(HttpStatusCode.Conflict, answer.Code);
        Assert.Equal("AlreadyExists", answer.Reason);
        Assert.Equal("configmaps \"m\" already exists", answer.Message);
    }

    [Fact]
    public async Task Create_GenerateName_GetsSuffix()
    {
        ApiAnswer answer = await api.Client.PostAsync(
            Maps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"m-"}}""");
        Assert.Matches("^\"m-[a-z0-9]{5}\"$", answer.At("metadata.name"));
    }

    [Fact]
    public async Task Replace_StaleVersion_ConflictsAndChangesNothing()
    {
        ApiAnswer first = await api.Client.PostAsync(Maps, Map());
        await api.Client.MergeAsync(Maps + "/m", """{"data":{"b":"c"}}""");
        ApiAnswer answer = await api.Client.PutAsync(Maps + "/m", first.Body.ToJsonString());
        Assert.Equal(HttpStatusCode.Conflict, answer.Code);
        Assert.Equal("Conflict", answer.Reason);
        Assert.Equal("\"c\"", (await api.Client.GetAsync(Maps + "/m")).At("data.b"));
    }

    [Fact]
    public async Task Replace_CustomResourceWithoutVersion_IsInvalid()
    {
        await api.Client.PostAsync(Entries, Entry("10.0.0.1"));
        ApiAnswer answer = await api.Client.PutAsync(Entries + "/e", Entry("10.0.0.2"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Code);
        Assert.Contains("metadata.resourceVersion: Invalid value: 0: must be specified for an update", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replace_Missing_NotFound()
    {
        ApiAnswer answer = await api.Client.PutAsync(Maps + "/m", Map());
        Assert.Equal(HttpStatusCode.NotFound, answer.Code);
        Assert.Equal("configmaps \"m\" not found", answer.Message);
    }

    [Fact]
    public async Task MergePatch_Null_RemovesAndNoChange_KeepsVersion()
    {
        await api.Client.PostAsync(Maps, Map());
        ApiAnswer first = await api.Client.MergeAsync(Maps + "/m", """{"data":{"b":"c"}}""");
        ApiAnswer same = await api.Client.MergeAsync(Maps + "/m", """{"data":{"b":"c"}}""");
        Assert.Equal(first.Body.ToJsonString(), same.Body.ToJsonString());
        ApiAnswer removed = await api.Client.MergeAsync(Maps + "/m", """{"data":{"a":null}}""");
        Assert.Equal("""{"b":"c"}""", removed.At("data"));
    }

    [Fact]
    public async Task MergePatch_WithStaleVersion_Conflicts()
    {
        ApiAnswer first = await api.Client.PostAsync(Maps, Map());
        await api.Client.MergeAsync(Maps + "/m", """{"data":{"b":"c"}}""");
        ApiAnswer answer = await api.Client.MergeAsync(
            Maps + "/m", $$$"""{"metadata":{"resourceVersion":"{{{first.Version}}}"},"data":{"b":"d"}}""");
        Assert.Equal(HttpStatusCode.Conflict, answer.Code);
    }

    [Fact]
    public async Task MergePatch_OtherName_IsRefused()
    {
        await api.Client.PostAsync(Maps, Map());
        ApiAnswer answer = await api.Client.MergeAsync(Maps + "/m", """{"metadata":{"name":"n"}}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Code);
    }

    [Fact]
    public async Task Status_IsWrittenOnlyThroughItsSubresource()
    {
        ApiAnswer made = await api.Client.PostAsync(Entries, Entry("10.0.0.1"));
        ApiAnswer main = await api.Client.MergeAsync(Entries + "/e", """{"status":{"observedGeneration":4}}""");
        Assert.Equal(made.Version, main.Version);
        ApiAnswer status = await api.Client.MergeAsync(
            Entries + "/e/status", """{"status":{"observedGeneration":4},"spec":{"address":"1.1.1.1"}}""");
        Assert.Equal("4", status.At("status.observedGeneration"));
        Assert.Equal("\"10.0.0.1\"", status.At("spec.address"));
        Assert.Equal("1", status.At("metadata.generation"));
        Assert.Contains("\"subresource\":\"status\"", status.At("metadata.managedFields"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WithPreconditions_ChecksThem()
    {
        ApiAnswer made = await api.Client.PostAsync(Maps, Map());
        ApiAnswer answer = await api.Client.DeleteAsync(Maps + "/m", """{"preconditions":{"uid":"other"}}""");
        Assert.Equal(HttpStatusCode.Conflict, answer.Code);
        Assert.Contains("Precondition failed: UID in precondition: other, UID in object meta: ", answer.Message, StringComparison.Ordinal);
        answer = await api.Client.DeleteAsync(Maps + "/m?dryRun=All");
        Assert.Equal(HttpStatusCode.OK, answer.Code);
        answer = await api.Client.DeleteAsync(
            Maps + "/m", $$$"""{"preconditions":{"uid":{{{made.At("metadata.uid")}}},"resourceVersion":"{{{made.Version}}}"}}""");
        Assert.Equal("\"Success\"", answer.At("status"));
        Assert.Equal(made.At("metadata.uid"), answer.At("details.uid"));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.DeleteAsync(Maps + "/m")).Code);
    }

    [Fact]
    public async Task DeleteNamespace_EmptiesIt()
    {
        await api.Client.PostAsync(Maps, Map());
        Assert.Equal(HttpStatusCode.OK, (await api.Client.DeleteAsync($"/api/v1/namespaces/{_ns}")).Code);
        Assert.Equal("[]", (await api.Client.GetAsync(Maps)).At("items"));
        ApiAnswer answer = await api.Client.DeleteAsync("/api/v1/namespaces/default");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Code);
        Assert.Equal("namespaces \"default\" is forbidden: this namespace may not be deleted", answer.Message);
    }

    [Fact]
    public async Task DryRun_OfEachWrite_ChangesNothing()
    {
        ApiAnswer answer = await api.Client.PostAsync(Maps + "?dryRun=All", Map());
        Assert.Equal(HttpStatusCode.Created, answer.Code);
        Assert.Equal("", answer.Version);
        Assert.NotEqual("", answer.At("metadata.uid"));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.GetAsync(Maps + "/m")).Code);
        Assert.Equal(HttpStatusCode.Created, (await api.Client.ApplyAsync(Maps + "/m?dryRun=All", Map())).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.GetAsync(Maps + "/m")).Code);

        ApiAnswer made = await api.Client.PostAsync(Maps, Map());
        ApiAnswer patched = await api.Client.MergeAsync(Maps + "/m?dryRun=All", """{"data":{"a":"z"}}""");
        Assert.Equal("\"z\"", patched.At("data.a"));
        Assert.Equal(made.Version, patched.Version);
        Assert.Equal(made.Body.ToJsonString(), (await api.Client.GetAsync(Maps + "/m")).Body.ToJsonString());
    }

    [Fact]
    public async Task DryRun_OfAService_KeepsTheAddressFree()
    {
        const string Service = """{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}""";
        string path = $"/api/v1/namespaces/{_ns}/services";
        ApiAnswer dry = await api.Client.PostAsync(path + "?dryRun=All", Service);
        ApiAnswer real = await api.Client.PostAsync(path, Service);
        Assert.Equal(dry.At("spec.clusterIP"), real.At("spec.clusterIP"));
    }

    private static string Map() => """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"b"}}""";

    private static string Entry(string address) =>
        """{"apiVersion":"networking.istio.io/v1","kind":"WorkloadEntry","metadata":{"name":"e"},"spec":{"address":"A"}}"""
            .Replace("\"A\"", $"\"{address}\"", StringComparison.Ordinal);
}
