using System.Net;

namespace HybridMesh.Lab.Tests;

/// <summary>What the server fills in, and what it then holds fast.</summary>
public sealed class DefaultsTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private string _ns = "";

    public async Task InitializeAsync() => _ns = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Service_GetsAddressAndDefaults()
    {
        string path = $"/api/v1/namespaces/{_ns}/services/s";
        ApiAnswer answer = await api.Client.ApplyAsync(path, "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80}]}}");
        Assert.Equal("""[{"port":80,"protocol":"TCP","targetPort":80}]""", answer.At("spec.ports"));
        Assert.Equal("\"ClusterIP\"", answer.At("spec.type"));
        Assert.Equal("\"None\"", answer.At("spec.sessionAffinity"));
        Assert.Equal("""["IPv4"]""", answer.At("spec.ipFamilies"));
        Assert.Equal("\"SingleStack\"", answer.At("spec.ipFamilyPolicy"));
        Assert.Equal("\"Cluster\"", answer.At("spec.internalTrafficPolicy"));
        Assert.Equal("""{"loadBalancer":{}}""", answer.At("status"));
        Assert.Equal($"[{answer.At("spec.clusterIP")}]", answer.At("spec.clusterIPs"));
        ApiAnswer again = await api.Client.ApplyAsync(path, "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80}]}}");
        Assert.Equal(answer.Version, again.Version);
        ApiAnswer moved = await api.Client.MergeAsync(path, """{"spec":{"clusterIP":"127.1.2.3"}}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, moved.Code);
        ApiAnswer other = await api.Client.ApplyAsync(
            path.Replace("/s", "/t", StringComparison.Ordinal).Replace("/tervices", "/services", StringComparison.Ordinal),
            "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80}]}}");
        Assert.NotEqual(answer.At("spec.clusterIP"), other.At("spec.clusterIP"));
    }

    [Fact]
    public async Task Service_Headless_GetsNoAddress()
    {
        ApiAnswer answer = await api.Client.PostAsync($"/api/v1/namespaces/{_ns}/services", """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"h"},"spec":{"clusterIP":"None"}}
            """);
        Assert.Equal("""["None"]""", answer.At("spec.clusterIPs"));
    }

    [Fact]
    public async Task Service_LoadBalancer_GetsNodePorts()
    {
        ApiAnswer answer = await api.Client.PostAsync($"/api/v1/namespaces/{_ns}/services", """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"l"},
             "spec":{"type":"LoadBalancer","ports":[{"name":"a","port":80},{"name":"b","port":81}]}}
            """);
        Assert.InRange(int.Parse(answer.At("spec.ports.0.nodePort"), null), 30000, 32767);
        Assert.NotEqual(answer.At("spec.ports.0.nodePort"), answer.At("spec.ports.1.nodePort"));
    }

    [Fact]
    public async Task Deployment_GetsDefaultsAndCountsGenerations()
    {
        string path = $"/apis/apps/v1/namespaces/{_ns}/deployments";
        ApiAnswer answer = await api.Client.PostAsync(path, """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}}}}
            """);
        Assert.Equal("1", answer.At("spec.replicas"));
        Assert.Equal("10", answer.At("spec.revisionHistoryLimit"));
        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}}""", answer.At("spec.strategy"));
        Assert.Equal("\"IfNotPresent\"", answer.At("spec.template.spec.containers.0.imagePullPolicy"));
        Assert.Equal("1", answer.At("metadata.generation"));
        ApiAnswer labelled = await api.Client.MergeAsync(path + "/d", """{"metadata":{"labels":{"x":"y"}}}""");
        Assert.Equal("1", labelled.At("metadata.generation"));
        ApiAnswer scaled = await api.Client.MergeAsync(path + "/d", """{"spec":{"replicas":2}}""");
        Assert.Equal("2", scaled.At("metadata.generation"));
        ApiAnswer selected = await api.Client.MergeAsync(
            path + "/d", """{"spec":{"selector":{"matchLabels":{"a":"c"}},"template":{"metadata":{"labels":{"a":"c"}}}}}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, selected.Code);
        Assert.Contains("field is immutable", selected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Namespace_CarriesItsNameAndAServiceAccount()
    {
        ApiAnswer answer = await api.Client.GetAsync($"/api/v1/namespaces/{_ns}");
        Assert.Equal($"\"{_ns}\"", (answer.Body["metadata"]!["labels"]!["kubernetes.io/metadata.name"])!.ToJsonString());
        Assert.Equal("\"Active\"", answer.At("status.phase"));
        string accounts = $"/api/v1/namespaces/{_ns}/serviceaccounts/default";
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync(accounts)).Code);
        ApiAnswer token = await api.Client.PostAsync(accounts + "/token", """
            {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["istio-ca"],"expirationSeconds":3600}}
            """);
        Assert.Equal(HttpStatusCode.Created, token.Code);
        Assert.NotEqual("", token.At("status.token"));
        Assert.Equal("""["istio-ca"]""", token.At("spec.audiences"));
    }

    [Fact]
    public async Task Secret_TextsBecomeData()
    {
        ApiAnswer answer = await api.Client.PostAsync($"/api/v1/namespaces/{_ns}/secrets", """
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"a":"b"}}
            """);
        Assert.Equal("""{"a":"Yg=="}""", answer.At("data"));
        Assert.Equal("", answer.At("stringData"));
        Assert.Equal("\"Opaque\"", answer.At("type"));
    }
}
