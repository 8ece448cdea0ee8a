using System.Net;

namespace HybridMesh.Lab.Tests;

/// <summary>Lists merge as the real schemas say: by key, as sets, or as one value.</summary>
public sealed class ListTypeTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private string _ns = "";

    public async Task InitializeAsync() => _ns = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task ServicePorts_OfTwoAppliers_MergeByPortAndProtocol()
    {
        string path = $"/api/v1/namespaces/{_ns}/services/s";
        await api.Client.ApplyAsync(path, Service("{name: a, port: 80}"));
        ApiAnswer answer = await api.Client.ApplyAsync(path, Service("{name: b, port: 81}"), "second");
        Assert.Equal("80", answer.At("spec.ports.0.port"));
        Assert.Equal("81", answer.At("spec.ports.1.port"));
        Assert.Contains("""k:{\u0022port\u0022:81,\u0022protocol\u0022:\u0022TCP\u0022}""", answer.FieldsOf("second"), StringComparison.Ordinal);
        answer = await api.Client.ApplyAsync(path, Service("{name: b, port: 80}"), "second");
        Assert.Contains("""conflict with "tester": .spec.ports[port=80,protocol="TCP"].name""", answer.Message, StringComparison.Ordinal);
        answer = await api.Client.ApplyAsync(path, Service("{name: c, port: 82}"), "second");
        Assert.Equal("82", answer.At("spec.ports.1.port"));
        Assert.Equal("", answer.At("spec.ports.1.nodePort"));
    }

    [Fact]
    public async Task ServiceEntryPorts_OfTwoAppliers_MergeByName()
    {
        string path = $"/apis/networking.istio.io/v1/namespaces/{_ns}/serviceentries/e";
        await api.Client.ApplyAsync(path, ServiceEntry("{name: http, number: 80, protocol: HTTP}"));
        ApiAnswer answer = await api.Client.ApplyAsync(
            path, ServiceEntry("{name: grpc, number: 81, protocol: GRPC}"), "second");
        Assert.Equal("\"http\"", answer.At("spec.ports.0.name"));
        Assert.Equal("\"grpc\"", answer.At("spec.ports.1.name"));
        answer = await api.Client.ApplyAsync(path, ServiceEntry("{name: http, number: 82, protocol: HTTP}"), "second");
        Assert.Contains("""conflict with "tester": .spec.ports[name="http"].number""", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VirtualServiceRoutes_OfTwoAppliers_AreOneValue()
    {
        string path = $"/apis/networking.istio.io/v1/namespaces/{_ns}/virtualservices/v";
        await api.Client.ApplyAsync(path, VirtualService("one"));
        ApiAnswer answer = await api.Client.ApplyAsync(path, VirtualService("two"), "second");
        Assert.Equal("Apply failed with 1 conflict: conflict with \"tester\": .spec.http", answer.Message);
        Assert.Equal(HttpStatusCode.OK, (await api.Client.ApplyAsync(path, VirtualService("one"), "second")).Code);
    }

    [Fact]
    public async Task Containers_OfTwoAppliers_MergeByName()
    {
        string path = $"/apis/apps/v1/namespaces/{_ns}/deployments/d";
        await api.Client.ApplyAsync(path, Deployment("{name: app, image: 'x:1', env: [{name: A, value: a}]}"));
        ApiAnswer answer = await api.Client.ApplyAsync(
            path, Deployment("{name: app, env: [{name: B, value: b}]}"), "second");
        Assert.Equal("\"x:1\"", answer.At("spec.template.spec.containers.0.image"));
        Assert.Equal(
            """[{"name":"A","value":"a"},{"name":"B","value":"b"}]""",
            answer.At("spec.template.spec.containers.0.env"));
        answer = await api.Client.ApplyAsync(path, Deployment("{name: side, image: 'y:1'}"), "second");
        Assert.Equal("\"side\"", answer.At("spec.template.spec.containers.1.name"));
        Assert.Equal("""[{"name":"A","value":"a"}]""", answer.At("spec.template.spec.containers.0.env"));
    }

    [Fact]
    public async Task Finalizers_OfTwoAppliers_AreASet()
    {
        string path = $"/api/v1/namespaces/{_ns}/configmaps/c";
        await api.Client.ApplyAsync(path, ConfigMap("example.com/a"));
        ApiAnswer answer = await api.Client.ApplyAsync(path, ConfigMap("example.com/b"), "second");
        Assert.Equal("""["example.com/a","example.com/b"]""", answer.At("metadata.finalizers"));
        Assert.Equal("""{"f:metadata":{"f:finalizers":{"v:\u0022example.com/b\u0022":{}}}}""", answer.FieldsOf("second"));
    }

    [Fact]
    public async Task SharedItems_InAnotherOrder_TakeTheAppliersOrder()
    {
        string path = $"/api/v1/namespaces/{_ns}/services/order";
        await api.Client.ApplyAsync(path, Service("{name: a, port: 80}, {name: b, port: 81}"));
        ApiAnswer answer = await api.Client.ApplyAsync(path, Service("{name: b, port: 81}, {name: a, port: 80}"));
        Assert.Equal("81", answer.At("spec.ports.0.port"));
        Assert.Equal("80", answer.At("spec.ports.1.port"));
    }

    [Fact]
    public async Task ServicePorts_SameKeyTwice_AreRefused()
    {
        ApiAnswer answer = await api.Client.ApplyAsync(
            $"/api/v1/namespaces/{_ns}/services/s", Service("{name: a, port: 80}, {name: b, port: 80}"));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Code);
        Assert.Contains("duplicate entries for key", answer.Message, StringComparison.Ordinal);
    }

    private static string Service(string ports) =>
        $"{{apiVersion: v1, kind: Service, spec: {{ports: [{ports}]}}}}";

    private static string ServiceEntry(string ports) =>
        $"{{apiVersion: networking.istio.io/v1, kind: ServiceEntry, spec: {{hosts: [a.example], ports: [{ports}]}}}}";

    private static string VirtualService(string host) =>
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, spec: {http: [{route: [{destination: {host: "
        + host + "}}]}]}}";

    private static string Deployment(string containers) =>
        "{apiVersion: apps/v1, kind: Deployment, spec: {selector: {matchLabels: {a: b}}, template: {metadata: "
        + $"{{labels: {{a: b}}}}, spec: {{containers: [{containers}]}}}}}}}}";

    private static string ConfigMap(string finalizer) =>
        $"{{apiVersion: v1, kind: ConfigMap, metadata: {{finalizers: ['{finalizer}']}}}}";
}
