using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

public sealed class SelectorTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private string _ns = "";

    public async Task InitializeAsync()
    {
        _ns = await api.NewNamespaceAsync();
        foreach ((string name, string labels) in ((string, string)[])[
            ("a", """{"app":"x","v":"1"}"""), ("b", """{"app":"x","v":"2"}"""), ("c", """{"app":"y"}"""), ("d", "{}")])
        {
            await api.Client.PostAsync($"/api/v1/namespaces/{_ns}/pods", $$$"""
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","labels":{{{labels}}}},
                 "spec":{"nodeName":"node-{{{name}}}","containers":[{"name":"c","image":"i"}]}}
                """);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("", "a b c d")]
    [InlineData("app=x", "a b")]
    [InlineData("app==x,v!=1", "b")]
    [InlineData("app!=x", "c d")]
    [InlineData("app", "a b c")]
    [InlineData("!app", "d")]
    [InlineData("app in (x, y),v", "a b")]
    [InlineData("v notin (1)", "b c d")]
    [InlineData("v>1", "b")]
    public async Task List_ByLabels_GivesTheMatching(string selector, string expected)
    {
        ApiAnswer answer = await api.Client.GetAsync(
            $"/api/v1/namespaces/{_ns}/pods?labelSelector={Uri.EscapeDataString(selector)}");
        Assert.Equal(expected, Names(answer));
    }

    [Theory]
    [InlineData("metadata.name=b", "b")]
    [InlineData("metadata.name!=b,status.phase=Pending", "a c d")]
    [InlineData("spec.nodeName=node-c", "c")]
    [InlineData("status.phase==Running", "")]
    public async Task List_ByFields_GivesTheMatching(string selector, string expected)
    {
        ApiAnswer answer = await api.Client.GetAsync(
            $"/api/v1/namespaces/{_ns}/pods?fieldSelector={Uri.EscapeDataString(selector)}");
        Assert.Equal(expected, Names(answer));
    }

    [Theory]
    [InlineData("labelSelector=a+b+c")]
    [InlineData("labelSelector=app+in+x")]
    [InlineData("labelSelector=%21app%3Dx")]
    [InlineData("labelSelector=app%3D-x")]
    [InlineData("fieldSelector=spec.hostname%3Dx")]
    [InlineData("fieldSelector=metadata.name")]
    public async Task List_BySomethingElse_IsBadRequest(string query)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await api.Client.GetAsync($"/api/v1/namespaces/{_ns}/pods?{query}")).Code);
    }

    [Fact]
    public async Task List_AllNamespaces_SaysWhereEachIs()
    {
        ApiAnswer answer = await api.Client.GetAsync("/api/v1/pods?labelSelector=v%3D1");
        Assert.Equal("\"PodList\"", answer.At("kind"));
        Assert.Contains(
            _ns, answer.Body["items"]!.AsArray().Select(item => (string?)item!["metadata"]!["namespace"]));
    }

    [Fact]
    public async Task List_ItemsOfBuiltInKinds_CarryNoKind()
    {
        ApiAnswer pods = await api.Client.GetAsync($"/api/v1/namespaces/{_ns}/pods");
        Assert.Equal("", pods.At("items.0.kind"));
        await api.Client.PostAsync($"/apis/networking.istio.io/v1/namespaces/{_ns}/gateways", """
            {"apiVersion":"networking.istio.io/v1","kind":"Gateway","metadata":{"name":"g"},"spec":{}}
            """);
        ApiAnswer gateways = await api.Client.GetAsync($"/apis/networking.istio.io/v1beta1/namespaces/{_ns}/gateways");
        Assert.Equal("\"Gateway\"", gateways.At("items.0.kind"));
        Assert.Equal("\"networking.istio.io/v1beta1\"", gateways.At("items.0.apiVersion"));
    }

    private static string Names(ApiAnswer answer) => string.Join(
        ' ', answer.Body["items"]!.AsArray().Select((JsonNode? item) => (string?)item!["metadata"]!["name"]));
}
