using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace HybridMesh.Lab.Tests;

public sealed class AsmEndpointTests : IAsyncDisposable
{
    private const string MeshId = "c08ba3fd1e6484b0f8cc1ad8fe10d0001";
    private const string Namespace = "http-reciprocal-hello";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-23T00:00:00Z", null));
    private readonly ObjectStore _data;
    private readonly ObjectStore _control;
    private readonly AsmEndpoint _endpoint;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private int _nonce;

    public AsmEndpointTests()
    {
        _data = new ObjectStore("data", _clock);
        _control = new ObjectStore("control", _clock);
        _endpoint = new AsmEndpoint(_data, _control, AsmSignatureVerifierTests.Options(default) with
        {
            Clock = _clock,
            Kubeconfig = () => "kind: Config",
            ServiceAddress = new AddressBlock(0).Service,
        });
    }

    public static TheoryData<string> Ids => SignatureVector.Ids;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _endpoint.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task OfficialClientsBytes_PassTheSignatureCheck(string id)
    {
        SignatureVector vector = SignatureVector.Get(id);
        _clock.SetUtcNow(vector.Date);
        await _endpoint.StartAsync(default);

        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _endpoint.Address.Port);
        await client.GetStream().WriteAsync(vector.Wire());
        using StreamReader reader = new(client.GetStream());
        string answer = await reader.ReadToEndAsync();

        // The vectors' meshes and methods are not all the lab's: what matters is that the caller was recognised.
        Assert.Matches("HTTP/1.1 (200|403|404)", answer);
        Assert.DoesNotContain("Signature", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddVmAppToMesh_MakesWhatTheServiceMakes()
    {
        await StartAsync();

        (int status, JsonObject answer) = await CallAsync("POST", "AddVmAppToMesh", Add());

        Assert.Equal(200, status);
        Assert.True(Guid.TryParse(answer["RequestId"]!.GetValue<string>(), out _));
        AssertSpec(_control.Find("ServiceEntry", Namespace, "mesh-expansion-hello2-svc"), $$"""
            { "hosts": ["hello2-svc.{{Namespace}}.svc.cluster.local"], "location": "MESH_INTERNAL",
              "ports": [{ "name": "http-8001", "number": 8001, "protocol": "HTTP" }], "resolution": "STATIC",
              "workloadSelector": { "labels": { "app": "hello-workload" } } }
            """);
        for (int number = 1; number <= 3; number++)
        {
            AssertSpec(_control.Find("WorkloadEntry", Namespace, $"mesh-expansion-hello2-svc-{number}"), $$"""
                { "address": "192.168.0.{{169 + number}}", "labels": { "app": "hello-workload" } }
                """);
        }

        AssertSpec(_data.Find("Service", Namespace, "hello2-svc"), """
            { "ports": [{ "name": "http-8001", "port": 8001, "protocol": "TCP", "targetPort": 8001 }],
              "sessionAffinity": "None", "type": "ClusterIP", "clusterIP": "127.19.0.2", "clusterIPs": ["127.19.0.2"] }
            """);
    }

    [Fact]
    public async Task AddVmAppToMesh_ServiceAccountAndAnnotations_LandWhereTheyBelong()
    {
        await StartAsync();

        await CallAsync("POST", "AddVmAppToMesh", [.. Add(), ("ServiceAccount", "http-sa"), ("Annotations", "owner=me")]);

        Assert.Equal("http-sa", _control.Find("WorkloadEntry", Namespace, "mesh-expansion-hello2-svc-1").Text("spec", "serviceAccount"));
        Assert.Equal(
            new Dictionary<string, string> { ["owner"] = "me", ["kubernetes.io/service-account.name"] = "http-sa" },
            _data.Find("Service", Namespace, "hello2-svc").Map("metadata", "annotations"));
    }

    [Fact]
    public async Task AddVmAppToMesh_ServiceExists_FailsUnlessForced()
    {
        await StartAsync();
        _data.Update("Service", Namespace, "hello2-svc", _ => Metadata("hello2-svc", Namespace));

        (int status, JsonObject answer) = await CallAsync("POST", "AddVmAppToMesh", Add());

        Assert.Equal(409, status);
        Assert.Equal("service \"hello2-svc\" already exists, skip", answer["Message"]!.GetValue<string>());
        Assert.Equal(200, (await CallAsync("POST", "AddVmAppToMesh", [.. Add(), ("Force", "True")])).Status);
        Assert.Null(_data.Find("Service", Namespace, "hello2-svc").At("spec"));
    }

    [Fact]
    public async Task AddVmAppToMesh_ForcedWithMoreAddresses_AddsTheMissingOnly()
    {
        await StartAsync();
        await CallAsync("POST", "AddVmAppToMesh", Add());
        string? before = _control.Find("WorkloadEntry", Namespace, "mesh-expansion-hello2-svc-1").Text("metadata", "resourceVersion");

        await CallAsync("POST", "AddVmAppToMesh", [.. Add("192.168.0.170,192.168.0.171,192.168.0.172,192.168.0.173"), ("Force", "true")]);

        Assert.Equal(before, _control.Find("WorkloadEntry", Namespace, "mesh-expansion-hello2-svc-1").Text("metadata", "resourceVersion"));
        Assert.Equal("192.168.0.173", _control.Find("WorkloadEntry", Namespace, "mesh-expansion-hello2-svc-4").Text("spec", "address"));
    }

    [Theory]
    [InlineData("Ips", "300.1.1.1", "InvalidParameter.Ips")]
    [InlineData("Ips", "", "MissingIps")]
    [InlineData("Ports", "http:abc", "InvalidParameter.Ports")]
    [InlineData("Ports", "htp:80", "InvalidParameter.Ports")]
    [InlineData("Ports", "9999", "InvalidParameter.Ports")]
    [InlineData("Labels", "app", "InvalidParameter.Labels")]
    [InlineData("Namespace", "external-hello", "ERR404")]
    [InlineData("ServiceMeshId", "c0", "ServiceMesh.NotFound")]
    public async Task AddVmAppToMesh_BadArgument_RefusedAndNothingMade(string name, string value, string code)
    {
        await StartAsync();

        (_, JsonObject answer) = await CallAsync(
            "POST", "AddVmAppToMesh", [.. Add().Where(pair => pair.Name != name), (name, value)]);

        Assert.Equal(code, answer["Code"]!.GetValue<string>());
        Assert.Empty(_control.List("ServiceEntry"));
    }

    [Fact]
    public async Task RemoveVmAppFromMesh_UndoesAdd_AndNothingElse()
    {
        await StartAsync();
        await CallAsync("POST", "AddVmAppToMesh", Add());
        _control.Update("WorkloadEntry", Namespace, "mesh-expansion-hello2-svc-extra", _ => Metadata("mesh-expansion-hello2-svc-extra", Namespace));

        (int status, _) = await CallAsync(
            "POST", "RemoveVmAppFromMesh", [("ServiceMeshId", MeshId), ("Namespace", Namespace), ("ServiceName", "hello2-svc")]);

        Assert.Equal(200, status);
        Assert.Empty(_control.List("ServiceEntry"));
        Assert.Empty(_data.List("Service"));
        Assert.Equal("mesh-expansion-hello2-svc-extra", Assert.Single(_control.List("WorkloadEntry")).Name());
    }

    [Fact]
    public async Task Describe_GivesMeshAndKubeconfig()
    {
        await StartAsync();

        (_, JsonObject kubeconfig) = await CallAsync("POST", "DescribeServiceMeshKubeconfig", [("ServiceMeshId", MeshId)]);
        (_, JsonObject meshes) = await CallAsync("GET", "DescribeServiceMeshes", []);
        (_, JsonObject detail) = await CallAsync("POST", "DescribeServiceMeshDetail", [("ServiceMeshId", MeshId)]);
        (_, JsonObject meta) = await CallAsync("GET", "GetVmMeta", [("ServiceMeshId", MeshId)]);

        Assert.Equal("kind: Config", kubeconfig["Kubeconfig"]!.GetValue<string>());
        Assert.Equal(MeshId, meshes["ServiceMeshes"]![0].Text("ServiceMeshInfo", "ServiceMeshId"));
        Assert.Equal("running", detail.Text("ServiceMesh", "ServiceMeshInfo", "State"));
        Assert.Contains("POD_NAMESPACE", meta.Text("VmMetaInfo", "EnvoyEnvContent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetVmMeta_NamedServiceAccount_GivesItsTwelveFields()
    {
        await StartAsync();
        _data.Update("ServiceAccount", Namespace, "http-sa", _ => new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "http-sa", ["namespace"] = Namespace },
        });

        (_, JsonObject answer) = await CallAsync("GET", "GetVmMeta", [
            ("ServiceMeshId", MeshId), ("Namespace", Namespace), ("ServiceAccount", "http-sa"),
            ("TrustDomain", "example.org")]);

        JsonObject meta = answer["VmMetaInfo"]!.AsObject();
        Assert.Equal(12, meta.Count);
        string[] environment = meta.Text("EnvoyEnvContent")!.TrimEnd('\n').Split('\n');
        Assert.Equal(environment.Order(StringComparer.Ordinal), environment);
        Assert.Contains($"ISTIO_NAMESPACE='{Namespace}'", environment);
        Assert.Contains("SERVICE_ACCOUNT='http-sa'", environment);
        Assert.Contains("TRUST_DOMAIN='example.org'", environment);
        JsonNode claims = JsonNode.Parse(Base64Url.DecodeFromChars(meta.Text("TokenContent")!.Split('.')[1]))!;
        Assert.Equal("""["istio-ca"]""", claims["aud"]!.ToJsonString());
        Assert.Equal($"system:serviceaccount:{Namespace}:http-sa", claims.Text("sub"));
        using X509Certificate2 chain =
            X509Certificate2.CreateFromPem(meta.Text("CertChainContent"), meta.Text("KeyContent"));
        using X509Certificate2 root = X509Certificate2.CreateFromPem(meta.Text("RootCertContent"));
        Assert.Equal(root.SubjectName.RawData, chain.IssuerName.RawData);
        Assert.Contains(
            $"spiffe://example.org/ns/{Namespace}/sa/http-sa",
            Encoding.ASCII.GetString(chain.Extensions["2.5.29.17"]!.RawData), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetVmMeta_OneOfNamespaceAndServiceAccount_CountsForNothing()
    {
        await StartAsync();

        (_, JsonObject answer) = await CallAsync("GET", "GetVmMeta", [
            ("ServiceMeshId", MeshId), ("Namespace", Namespace), ("TrustDomain", "example.org")]);

        string environment = answer.Text("VmMetaInfo", "EnvoyEnvContent")!;
        Assert.Contains("ISTIO_NAMESPACE='default'", environment, StringComparison.Ordinal);
        Assert.Contains("TRUST_DOMAIN='cluster.local'", environment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetVmMeta_NoSuchServiceAccount_IsNotFound()
    {
        await StartAsync();

        (int code, JsonObject answer) = await CallAsync("GET", "GetVmMeta", [
            ("ServiceMeshId", MeshId), ("Namespace", Namespace), ("ServiceAccount", "nobody")]);

        Assert.Equal(404, code);
        Assert.Contains("nobody", answer.Text("Message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetVmMeta_Brief_GivesWhatTodaysSdksKnow()
    {
        await StartAsync();
        _endpoint.Faults.BriefVmMeta = true;

        (_, JsonObject answer) = await CallAsync("GET", "GetVmMeta", [("ServiceMeshId", MeshId)]);

        Assert.Equal(
            ["EnvoyEnvContent", "HostsContent", "TokenContent"],
            answer["VmMetaInfo"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Withdrawn_VmOperationsNotFound_OthersGoOn()
    {
        await StartAsync();
        _endpoint.Faults.Withdrawn = true;

        (int status, JsonObject answer) = await CallAsync("POST", "AddVmAppToMesh", Add());

        Assert.Equal((404, "InvalidAction.NotFound"), (status, answer["Code"]!.GetValue<string>()));
        Assert.Equal(200, (await CallAsync("GET", "DescribeServiceMeshes", [])).Status);
    }

    [Fact]
    public async Task Error_BodyHasTheGatewaysMembers()
    {
        await StartAsync();

        (int status, JsonObject answer) = await CallAsync("DELETE", "AddVmAppToMesh", Add());

        Assert.Equal(403, status);
        Assert.Equal(["Code", "HostId", "Message", "Recommend", "RequestId"], answer.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal(_endpoint.Address.Authority, answer["HostId"]!.GetValue<string>());
    }

    private static (string Name, string Value)[] Add(string ips = "192.168.0.170,192.168.0.171,192.168.0.172") =>
    [
        ("ServiceMeshId", MeshId), ("Namespace", Namespace), ("ServiceName", "hello2-svc"), ("Ips", ips),
        ("Ports", "http:8001"), ("Labels", "app=hello-workload"),
    ];

    private static JsonObject Metadata(string name, string? ns) =>
        new() { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns } };

    private static void AssertSpec(JsonObject? item, string expected) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), item.At("spec")?.ToJsonString());

    private async Task StartAsync()
    {
        _control.Update("Namespace", null, Namespace, _ => Metadata(Namespace, null));
        _data.Update("Namespace", null, Namespace, _ => Metadata(Namespace, null));
        await _endpoint.StartAsync(default);
    }

    // Signs with the RPC scheme; the other is covered by the vectors and the module's own client.
    private async Task<(int Status, JsonObject Answer)> CallAsync(
        string method, string action, IReadOnlyList<(string Name, string Value)> parameters)
    {
        List<KeyValuePair<string, string>> pairs =
        [
            .. parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)),
            new("Action", action), new("Version", "2020-01-11"), new("Format", "JSON"),
            new("Timestamp", _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")), new("SignatureMethod", "HMAC-SHA1"),
            new("SignatureVersion", "1.0"), new("SignatureNonce", $"{++_nonce}"), new("AccessKeyId", SignatureVector.AccessKeyId),
        ];
        string query = PercentEncoding.Canonical(pairs);
        byte[] key = Encoding.UTF8.GetBytes(SignatureVector.AccessKeySecret + "&");
#pragma warning disable CA5350 // The scheme's own algorithm.
        string signature = Convert.ToBase64String(HMACSHA1.HashData(
            key, Encoding.UTF8.GetBytes($"{method}&%2F&{PercentEncoding.Encode(query)}")));
#pragma warning restore CA5350
        using HttpRequestMessage request = new(
            new HttpMethod(method), new Uri(_endpoint.Address, $"/?{query}&Signature={PercentEncoding.Encode(signature)}"));
        using HttpResponseMessage response = await _client.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }
}
