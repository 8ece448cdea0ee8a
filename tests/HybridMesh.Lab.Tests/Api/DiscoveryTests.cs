using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

public sealed class DiscoveryTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Groups_NameTheirVersions()
    {
        ApiAnswer groups = await api.Client.GetAsync("/apis");
        JsonNode istio = groups.Body["groups"]!.AsArray().Single(group => (string?)group!["name"] == "networking.istio.io")!;
        Assert.Equal("networking.istio.io/v1", (string?)istio["preferredVersion"]!["groupVersion"]);
        Assert.Equal(3, istio["versions"]!.AsArray().Count);
        Assert.Equal("""["v1"]""", (await api.Client.GetAsync("/api")).At("versions"));
        Assert.Equal("\"APIGroup\"", (await api.Client.GetAsync("/apis/apps")).At("kind"));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.GetAsync("/apis/batch/v1")).Code);
    }

    [Fact]
    public async Task Resources_SayKindScopeAndVerbs()
    {
        ApiAnswer core = await api.Client.GetAsync("/api/v1");
        JsonNode pods = core.Body["resources"]!.AsArray().Single(one => (string?)one!["name"] == "pods")!;
        Assert.True((bool)pods["namespaced"]!);
        Assert.Equal("Pod", (string?)pods["kind"]);
        Assert.Contains("watch", pods["verbs"]!.AsArray().Select(verb => (string?)verb));
        Assert.Contains("pods/exec", core.Body["resources"]!.AsArray().Select(one => (string?)one!["name"]));
        Assert.False((bool)core.Body["resources"]!.AsArray().Single(one => (string?)one!["name"] == "namespaces")!["namespaced"]!);
    }

    [Fact]
    public async Task Version_SaysTheRelease()
    {
        ApiAnswer version = await api.Client.GetAsync("/version");
        Assert.Equal("\"v1.36.0\"", version.At("gitVersion"));
        Assert.Equal("\"36\"", version.At("minor"));
    }
}
