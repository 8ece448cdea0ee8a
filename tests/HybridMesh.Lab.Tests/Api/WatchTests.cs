using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

public sealed class WatchTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private string _ns = "";

    private string Maps => $"/api/v1/namespaces/{_ns}/configmaps";

    public async Task InitializeAsync() => _ns = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Watch_WithoutVersion_StartsWithWhatThereIs()
    {
        await CreateAsync("a");
        using Watching watch = await Watching.StartAsync(api.Client, Maps + "?watch=true");
        Assert.Equal("ADDED a", await watch.NextAsync());
        await CreateAsync("b");
        Assert.Equal("ADDED b", await watch.NextAsync());
        await api.Client.MergeAsync(Maps + "/b", """{"data":{"x":"y"}}""");
        Assert.Equal("MODIFIED b", await watch.NextAsync());
        await api.Client.DeleteAsync(Maps + "/a");
        Assert.Equal("DELETED a", await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_FromAVersion_MissesNothingAfterIt()
    {
        ApiAnswer list = await api.Client.GetAsync(Maps);
        await CreateAsync("a");
        await CreateAsync("b");
        using Watching watch = await Watching.StartAsync(
            api.Client, $"{Maps}?watch=1&resourceVersion={list.Version}");
        Assert.Equal("ADDED a", await watch.NextAsync());
        Assert.Equal("ADDED b", await watch.NextAsync());
        Assert.Equal("v1", (string?)watch.Last!["object"]!["apiVersion"]);
    }

    [Fact]
    public async Task Watch_TooOldVersion_IsExpired()
    {
        using Watching watch = await Watching.StartAsync(api.Client, $"{Maps}?watch=true&resourceVersion=3");
        await watch.NextAsync();
        Assert.Equal("ERROR", (string?)watch.Last!["type"]);
        Assert.Equal(410, (int?)watch.Last["object"]!["code"]);
        Assert.Equal("Expired", (string?)watch.Last["object"]!["reason"]);
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_WithSelector_SeesObjectsComeAndGo()
    {
        await CreateAsync("a");
        using Watching watch = await Watching.StartAsync(api.Client, Maps + "?watch=true&labelSelector=on%3Dyes");
        await api.Client.MergeAsync(Maps + "/a", """{"metadata":{"labels":{"on":"yes"}}}""");
        Assert.Equal("ADDED a", await watch.NextAsync());
        await api.Client.MergeAsync(Maps + "/a", """{"data":{"x":"y"}}""");
        Assert.Equal("MODIFIED a", await watch.NextAsync());
        await api.Client.MergeAsync(Maps + "/a", """{"metadata":{"labels":{"on":"no"}}}""");
        Assert.Equal("DELETED a", await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_WithTimeout_EndsByItself()
    {
        using Watching watch = await Watching.StartAsync(api.Client, Maps + "?watch=true&timeoutSeconds=1");
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_OfOtherNamespace_SeesOnlyIts()
    {
        string other = await api.NewNamespaceAsync();
        using Watching watch = await Watching.StartAsync(api.Client, Maps + "?watch=true");
        await api.Client.PostAsync($"/api/v1/namespaces/{other}/configmaps", Map("far"));
        await CreateAsync("near");
        Assert.Equal("ADDED near", await watch.NextAsync());
    }

    private async Task CreateAsync(string name) =>
        Assert.Equal(HttpStatusCode.Created, (await api.Client.PostAsync(Maps, Map(name))).Code);

    private static string Map(string name) =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"}}""";

    private sealed class Watching(HttpResponseMessage response, StreamReader lines) : IDisposable
    {
        public JsonObject? Last { get; private set; }

        public static async Task<Watching> StartAsync(ApiClient client, string path)
        {
            HttpResponseMessage response = await client.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            return new Watching(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }

        /// <summary>Type and name of the next event; null at the end.</summary>
        public async Task<string?> NextAsync()
        {
            using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
            string? line = await lines.ReadLineAsync(deadline.Token);
            Last = line is null ? null : JsonNode.Parse(line)!.AsObject();
            return Last is null ? null : $"{Last["type"]} {Last["object"]!["metadata"]!["name"]}";
        }

        public void Dispose()
        {
            lines.Dispose();
            response.Dispose();
        }
    }
}
