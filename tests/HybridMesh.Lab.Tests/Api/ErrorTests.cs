using System.Net;

namespace HybridMesh.Lab.Tests;

/// <summary>What the server refuses, and in which words.</summary>
public sealed class ErrorTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private string _ns = "";

    public async Task InitializeAsync() => _ns = await api.NewNamespaceAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task UnknownToken_IsUnauthorized()
    {
        using ApiClient client = api.NewClient("wrong");
        ApiAnswer answer = await client.GetAsync("/api/v1/namespaces");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Code);
        Assert.Equal("Unauthorized", answer.Reason);
        Assert.Equal("401", answer.At("code"));
    }

    [Fact]
    public async Task NoToken_IsTheAnonymousUser()
    {
        using ApiClient client = api.NewClient(null);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/readyz")).Code);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/version")).Code);
        ApiAnswer answer = await client.GetAsync("/api/v1/namespaces");
        Assert.Equal(
            "namespaces is forbidden: User \"system:anonymous\" cannot list resource \"namespaces\" in API group \"\" "
            + "at the cluster scope", answer.Message);
        Assert.Equal(
            "forbidden: User \"system:anonymous\" cannot get path \"/apis\"", (await client.GetAsync("/apis")).Message);
    }

    [Fact]
    public async Task Viewer_MayReadAndNothingElse()
    {
        using ApiClient client = api.NewClient(ApiFixture.ViewerToken);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/v1/namespaces/{_ns}/pods")).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/api/v1/namespaces/{_ns}/secrets")).Code);
        ApiAnswer answer = await client.DeleteAsync($"/apis/apps/v1/namespaces/{_ns}/deployments/d");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Code);
        Assert.Equal(
            "deployments.apps \"d\" is forbidden: User \"viewer\" cannot delete resource \"deployments\" in API group "
            + $"\"apps\" in the namespace \"{_ns}\"", answer.Message);
        using ApiClient nobody = api.NewClient(ApiFixture.NobodyToken);
        Assert.Equal(HttpStatusCode.Forbidden, (await nobody.GetAsync($"/api/v1/namespaces/{_ns}/pods")).Code);
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/apis")).Code);
    }

    [Fact]
    public async Task UnknownPathResourceAndMethod_AreToldApart()
    {
        ApiAnswer answer = await api.Client.GetAsync("/apis/networking.istio.io/v1/namespaces/default/sidecars");
        Assert.Equal(HttpStatusCode.NotFound, answer.Code);
        Assert.Equal("the server could not find the requested resource", answer.Message);
        Assert.Equal("404 page not found\n", (string?)(await api.Client.GetAsync("/openapi/v2")).Body["text"]);
        answer = await api.Client.PostAsync("/api/v1/namespaces/default/pods/x", "{}");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Code);
        answer = await api.Client.SendAsync(HttpMethod.Patch, "/api/v1/namespaces/default", "[]", "application/json-patch+json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Code);
    }

    [Fact]
    public async Task Create_InUnknownNamespace_NotFound()
    {
        ApiAnswer answer = await api.Client.PostAsync("/api/v1/namespaces/nowhere/configmaps", """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}
            """);
        Assert.Equal(HttpStatusCode.NotFound, answer.Code);
        Assert.Equal("namespaces \"nowhere\" not found", answer.Message);
        answer = await api.Client.ApplyAsync(
            "/api/v1/namespaces/nowhere/configmaps/m", "{apiVersion: v1, kind: ConfigMap}");
        Assert.Equal("namespaces \"nowhere\" not found", answer.Message);
    }

    [Theory]
    [InlineData("{}", "spec.ports: Required value")]
    [InlineData("""{"ports":[{"port":0}]}""", "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("""{"ports":[{"port":80},{"port":81,"name":"b"}]}""", "spec.ports[0].name: Required value")]
    [InlineData("""{"ports":[{"port":80,"name":"b"},{"port":81,"name":"b"}]}""", "spec.ports[1].name: Duplicate value: \"b\"")]
    [InlineData("""{"ports":[{"port":80,"protocol":"HTTP"}]}""", "spec.ports[0].protocol: Unsupported value: \"HTTP\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData("""{"ports":[{"port":80}],"type":"Odd"}""", "spec.type: Unsupported value: \"Odd\"")]
    [InlineData("""{"ports":[{"port":80}],"selector":{"a b":"c"}}""", "spec.selector: Invalid value: \"a b\"")]
    public Task Create_BadService_IsInvalid(string spec, string because) =>
        InvalidAsync($"/api/v1/namespaces/{_ns}/services", "v1", "Service", spec, because);

    [Theory]
    [InlineData("WorkloadEntry", "workloadentries", "{}", "spec: Invalid value: \"object\": set one of address, network")]
    [InlineData("WorkloadEntry", "workloadentries", """{"address":"a","ports":{"http":0}}""", "spec.ports.http: Invalid value: 0: spec.ports.http in body should be greater than or equal to 1")]
    [InlineData("WorkloadEntry", "workloadentries", """{"address":"a","weight":"x"}""", "spec.weight: Invalid value: \"string\": spec.weight in body must be of type integer: \"string\"")]
    [InlineData("ServiceEntry", "serviceentries", "{}", "spec.hosts: Required value")]
    [InlineData("ServiceEntry", "serviceentries", """{"hosts":["a"],"location":"HERE"}""", "spec.location: Unsupported value: \"HERE\": supported values: \"MESH_EXTERNAL\", \"MESH_INTERNAL\"")]
    [InlineData("ServiceEntry", "serviceentries", """{"hosts":["a"],"ports":[{"name":"a","number":1},{"name":"a","number":2}]}""", "spec.ports[1]: Duplicate value: {\"name\":\"a\"}")]
    [InlineData("ServiceEntry", "serviceentries", """{"hosts":["a"],"endpoints":[{"address":"b"}],"workloadSelector":{"labels":{"a":"b"}}}""", "spec: Invalid value: \"object\": set at most one of workloadSelector, endpoints")]
    [InlineData("WorkloadEntry", "workloadentries", """{"address":"a","weight":-1}""", "spec.weight: Invalid value: -1: spec.weight in body should be greater than or equal to 0")]
    [InlineData("WorkloadEntry", "workloadentries", """{"address":"unix:///a","ports":{"http":1}}""", "spec.ports: Forbidden: a socket has no ports")]
    [InlineData("ServiceEntry", "serviceentries", """{"hosts":[]}""", "spec.hosts in body should have at least 1 items")]
    [InlineData("ServiceEntry", "serviceentries", """{"hosts":["a"],"ports":[{"name":"a","number":1},{"name":"b","number":1}]}""", "spec.ports[1].number: Duplicate value: 1")]
    [InlineData("ServiceEntry", "serviceentries", """{"hosts":["a"],"endpoints":[{"address":"b"}]}""", "spec.resolution: Invalid value: \"NONE\": endpoints need another resolution")]
    [InlineData("VirtualService", "virtualservices", """{"http":[{"timeout":"1 s"}]}""", "spec.http[0].timeout: Invalid value: \"1 s\": is no duration")]
    [InlineData("VirtualService", "virtualservices", """{"http":[{"match":[{"uri":{"exact":"/","prefix":"/"}}]}]}""", "spec.http[0].match[0].uri: Invalid value: \"object\": set at most one of exact, prefix, regex")]
    [InlineData("Gateway", "gateways", """{"servers":[{"hosts":["*"]}]}""", "spec.servers[0].port: Required value")]
    public Task Create_BadMeshObject_IsInvalid(string kind, string plural, string spec, string because) =>
        InvalidAsync(
            $"/apis/networking.istio.io/v1/namespaces/{_ns}/{plural}", "networking.istio.io/v1", kind, spec, because);

    [Theory]
    [InlineData("""{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}""", "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match template `labels`")]
    [InlineData("""{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{}}}""", "spec.template.spec.containers: Required value")]
    [InlineData("""{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c"}]}}}""", "spec.template.spec.containers[0].image: Required value")]
    [InlineData("""{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}""", "spec.selector: Required value")]
    public Task Create_BadDeployment_IsInvalid(string spec, string because) =>
        InvalidAsync($"/apis/apps/v1/namespaces/{_ns}/deployments", "apps/v1", "Deployment", spec, because);

    [Fact]
    public async Task Create_VirtualServiceWithNegativeWeight_IsDenied()
    {
        ApiAnswer answer = await api.Client.PostAsync($"/apis/networking.istio.io/v1/namespaces/{_ns}/virtualservices", """
            {"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"v"},
             "spec":{"hosts":["a"],"http":[{"route":[{"destination":{"host":"a"},"weight":-1}]}]}}
            """);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Code);
        Assert.Contains("weight -1 < 0", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownFields_ArePrunedOrRefusedAsAsked()
    {
        string path = $"/api/v1/namespaces/{_ns}/configmaps";
        string Body(string name) =>
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"N"},"dato":{"a":"b"}}""".Replace("N", name, StringComparison.Ordinal);
        ApiAnswer answer = await api.Client.PostAsync(path, Body("a"));
        Assert.Equal("", answer.At("dato"));
        Assert.Contains("unknown field \\\"dato\\\"", answer.Headers.Warning.Single().Text, StringComparison.Ordinal);
        answer = await api.Client.PostAsync(path + "?fieldValidation=Ignore", Body("b"));
        Assert.Empty(answer.Headers.Warning);
        answer = await api.Client.PostAsync(path + "?fieldValidation=Strict", Body("c"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Code);
        Assert.Equal(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"dato\"",
            answer.Message);
        answer = await api.Client.ApplyAsync(path + "/d", Body("d"));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Code);
        Assert.Contains(".dato: field not declared in schema", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{address: a, colour: red}", ".spec.colour: field not declared in schema")]
    [InlineData("{address: a, weight: heavy}", ".spec.weight: expected numeric (int or float), got string")]
    [InlineData("{address: [a], hue: 1}", "errors:\n  .spec.address: expected string, got")]
    public async Task Apply_WhatTheSchemaLacks_FailsWhateverTheValidation(string spec, string because)
    {
        foreach (string validation in (string[])["Ignore", "Warn", "Strict"])
        {
            ApiAnswer answer = await api.Client.ApplyAsync(
                $"/apis/networking.istio.io/v1/namespaces/{_ns}/workloadentries/e?fieldValidation={validation}",
                $"{{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, spec: {spec}}}");
            Assert.Equal(HttpStatusCode.InternalServerError, answer.Code);
            Assert.Equal("", answer.Reason);
            Assert.StartsWith(
                $"failed to create typed patch object ({_ns}/e; networking.istio.io/v1, Kind=WorkloadEntry): {because}",
                answer.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WrongTypes_InBuiltInKinds_AreBadRequests()
    {
        ApiAnswer answer = await api.Client.PostAsync($"/api/v1/namespaces/{_ns}/services", """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":"http"}]}}
            """);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Code);
        Assert.Contains("json: cannot unmarshal string into Go struct field", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bad_Name", "a", "metadata.name: Invalid value: \"Bad_Name\": a lowercase RFC 1123 subdomain")]
    [InlineData("ok", "ends-badly-", "metadata.labels: Invalid value: \"ends-badly-\": a valid label must be")]
    [InlineData("ok", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "must be no more than 63 bytes")]
    public async Task Create_BadNameOrLabel_IsInvalid(string name, string label, string because)
    {
        ApiAnswer answer = await api.Client.PostAsync($"/api/v1/namespaces/{_ns}/configmaps", $$$"""
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","labels":{"l":"{{{label}}}"} } }
            """);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Code);
        Assert.Contains(because, answer.Message, StringComparison.Ordinal);
    }

    private async Task InvalidAsync(string path, string version, string kind, string spec, string because)
    {
        ApiAnswer answer = await api.Client.PostAsync(
            path, $$$"""{"apiVersion":"{{{version}}}","kind":"{{{kind}}}","metadata":{"name":"x"},"spec": {{{spec}}} }""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Code);
        Assert.Equal("Invalid", answer.Reason);
        Assert.Contains(because, answer.Message, StringComparison.Ordinal);
        Assert.Equal($"\"{kind}\"", answer.At("details.kind"));
        Assert.NotEqual("", answer.At("details.causes.0.field"));
    }
}
