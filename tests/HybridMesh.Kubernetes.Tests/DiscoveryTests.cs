using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>Both forms of discovery, of which any one server speaks only one.</summary>
public sealed class DiscoveryTests
{
    private static readonly KubernetesKind[] Expected =
    [
        new("", "v1", "Pod", "pods", true),
        new("networking.istio.io", "v1", "Gateway", "gateways", true),
        new("networking.istio.io", "v1beta1", "Gateway", "gateways", true),
    ];

    [Fact]
    public async Task Aggregated_TakesTwoRequests()
    {
        await using StubServer server = new(request => new(200, request.PathAndQuery == "/api"
            ? """
              {"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","resources":[
                {"resource":"pods","scope":"Namespaced","responseKind":{"kind":"Pod"},"verbs":["get"],
                 "subresources":[{"subresource":"exec","verbs":["create"]}]},
                {"resource":"legacy","scope":"Cluster","responseKind":{"kind":"Legacy"},"verbs":[]}]}]}]}
              """
            : """
              {"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"networking.istio.io"},"versions":[
                {"version":"v1","resources":[{"resource":"gateways","scope":"Namespaced","responseKind":{"kind":"Gateway"},"verbs":["get"]}]},
                {"version":"v1beta1","resources":[{"resource":"gateways","scope":"Namespaced","responseKind":{"kind":"Gateway"},"verbs":["get"]}]}]}]}
              """));
        await using IKubernetesApi api = await server.OpenAsync();

        Assert.Equal(Expected, await api.DiscoverAsync(CancellationToken.None));
        await api.DiscoverAsync(CancellationToken.None);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task GroupByGroup_PutsThePreferredVersionFirstAndOutlivesBrokenGroups()
    {
        await using StubServer server = new(request => request.PathAndQuery switch
        {
            "/api" => new(200, """{"kind":"APIVersions","versions":["v1"]}"""),
            "/api/v1" => new(200, """{"resources":[{"name":"pods","kind":"Pod","namespaced":true},{"name":"pods/exec","kind":"PodExecOptions","namespaced":true}]}"""),
            "/apis" => new(200, """
                {"kind":"APIGroupList","groups":[
                  {"name":"networking.istio.io","versions":[{"version":"v1beta1"},{"version":"v1"}],"preferredVersion":{"version":"v1"}},
                  {"name":"metrics.k8s.io","versions":[{"version":"v1"}],"preferredVersion":{"version":"v1"}}]}
                """),
            { } path when path.StartsWith("/apis/networking", StringComparison.Ordinal) =>
                new(200, """{"resources":[{"name":"gateways","kind":"Gateway","namespaced":true}]}"""),
            _ => new(501, "{}"),
        });
        await using IKubernetesApi api = await server.OpenAsync();

        Assert.Equal(Expected, await api.DiscoverAsync(CancellationToken.None));
    }
}
