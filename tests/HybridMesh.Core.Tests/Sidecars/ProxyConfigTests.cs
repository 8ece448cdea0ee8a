using System.Text.Json.Nodes;

namespace HybridMesh.Core.Tests.Sidecars;

public sealed class ProxyConfigTests
{
    [Theory]
    [InlineData("""{ "drainDuration": "1m30s" }""", """{"drainDuration":"90s"}""")]
    [InlineData("""{ "drain_duration": "200ms" }""", """{"drainDuration":"0.200s"}""")]
    [InlineData("""{ "terminationDrainDuration": "0s" }""", """{"terminationDrainDuration":"0s"}""")]
    [InlineData("""{ "fileFlushInterval": "1.000000001s" }""", """{"fileFlushInterval":"1.000000001s"}""")]
    [InlineData("""{ "statusPort": "15020", "proxyAdminPort": 0 }""", """{"statusPort":15020}""")]
    [InlineData("""{ "concurrency": 0 }""", """{"concurrency":0}""")]
    [InlineData("""{ "holdApplicationUntilProxyStarts": false }""", """{"holdApplicationUntilProxyStarts":false}""")]
    [InlineData("""{ "controlPlaneAuthPolicy": 1 }""", """{"controlPlaneAuthPolicy":"MUTUAL_TLS"}""")]
    [InlineData("""{ "controlPlaneAuthPolicy": "NONE", "interceptionMode": "TPROXY" }""", """{"interceptionMode":"TPROXY"}""")]
    [InlineData("""{ "tracingServiceName": "APP_LABEL_AND_NAMESPACE" }""", """{"tracingServiceName":"APP_LABEL_AND_NAMESPACE"}""")]
    [InlineData("""{ "tracing": { "sampling": 0, "zipkin": { "address": "z:9411" } } }""", """{"tracing":{"zipkin":{"address":"z:9411"}}}""")]
    [InlineData("""{ "tracing": {}, "extraStatTags": [], "runtimeValues": {} }""", """{"tracing":{}}""")]
    [InlineData("""{ "parentShutdownDuration": "60s", "meshId": null }""", "{}")]
    [InlineData("""{ "someNewField": { "a": 0 } }""", """{"someNewField":{"a":0}}""")]
    [InlineData("""{ "tracing": { "stackdriver": { "maxNumberOfAttributes": 3 } } }""", """{"tracing":{"stackdriver":{"maxNumberOfAttributes":"3"}}}""")]
    public void Canonical_AnyForm_IsTheOneIstioWrites(string written, string expected) => Assert.Equal(
        expected, new ProtoJson("x").Canonical(ProxyConfigSchema.Root, JsonNode.Parse(written), "defaultConfig").ToJsonString());

    [Theory]
    [InlineData("""{ "proxyMetadata": { "FLAG": true } }""", "defaultConfig.proxyMetadata.FLAG must be text; quote it; it is true.")]
    [InlineData("""{ "drainDuration": "soon" }""", "defaultConfig.drainDuration must be a duration")]
    [InlineData("""{ "drainDuration": 5 }""", "defaultConfig.drainDuration must be a duration")]
    [InlineData("""{ "interceptionMode": "NEVER" }""", "one of REDIRECT, TPROXY, NONE")]
    [InlineData("""{ "statusPort": "x" }""", "a whole number")]
    [InlineData("""{ "tracing": "on" }""", "defaultConfig.tracing must be a map")]
    [InlineData("[]", "defaultConfig must be a map")]
    public void Canonical_WrongValue_NamesSourceFieldAndForm(string written, string message)
    {
        MeshException e = Assert.Throws<MeshException>(() =>
            new ProtoJson("Key mesh").Canonical(ProxyConfigSchema.Root, JsonNode.Parse(written), "defaultConfig"));

        Assert.Equal(MeshErrorCode.ManifestInvalid, e.Code);
        Assert.StartsWith("Key mesh: ", e.Message);
        Assert.Contains(message, e.Message);
    }

    [Theory]
    [InlineData("1h", "3600s")]
    [InlineData("1h1m1.5s", "3661.500s")]
    [InlineData("-1.5s", "-1.500s")]
    [InlineData("100us", "0.000100s")]
    [InlineData("0", "0s")]
    [InlineData("5", null)]
    [InlineData("s", null)]
    [InlineData("1d", null)]
    [InlineData("99999999999999999999h", null)]
    [InlineData("", null)]
    public void Duration_AsGoReadsIt_IsInSeconds(string text, string? expected) =>
        Assert.Equal(expected, GoDuration.Canonical(text));

    // istioctl's pattern has a backslash too many, so that a w goes bare and a letter does not.
    [Theory]
    [InlineData("", "''")]
    [InlineData("latest", "'latest'")]
    [InlineData("10.10.10.10", "'10.10.10.10'")]
    [InlineData("www./w", "www./w")]
    [InlineData("@%+=:,./-\\", "@%+=:,./-\\")]
    [InlineData("it's", "'it'\"'\"'s'")]
    public void Quote_AsIstioctlDoes(string value, string expected) => Assert.Equal(expected, ClusterEnv.Quote(value));

    [Fact]
    public void Write_OneKeyBeginsAnother_SortsWholeLines() => Assert.Equal(
        "A1='x'\nA='x'\nA_B='x'\n",
        ClusterEnv.Write(new Dictionary<string, string> { ["A"] = "x", ["A_B"] = "x", ["A1"] = "x" }));

    [Fact]
    public void Json_AsGoWritesIt_EscapesMarkup() => Assert.Equal(
        """{"a":"\u003c\u0026\u003e","b":"é\"\\\n\u0001"}""",
        GoJson.Map(new Dictionary<string, string> { ["b"] = "é\"\\\n\u0001", ["a"] = "<&>" }));

    [Fact]
    public void Overlay_OnAFileForAllVms_ChangesOnlyItsLines()
    {
        const string Env = "# by ASM\nISTIO_LOCAL_EXCLUDE_PORTS='22,15090'\nFOO=bar\n"
            + "ISTIO_METAJSON_LABELS='{\"app\":\"x\"}'\nLAST='1'";

        MeshVm vm = new() { Name = "a", Address = "10.0.0.1", SshPort = 2222, Version = "v2" };
        Dictionary<string, string> labels = new() { ["app"] = "x", ["tier"] = "web" };

        string text = EnvOverlay.Apply(Env, vm, labels, address: null);

        Assert.Equal(
            "# by ASM\nISTIO_LOCAL_EXCLUDE_PORTS='22,15090,2222'\nFOO=bar\n"
            + "ISTIO_METAJSON_LABELS='{\"app\":\"x\",\"service.istio.io/canonical-revision\":\"v2\",\"tier\":\"web\",\"version\":\"v2\"}'\n"
            + "LAST='1'\nISTIO_SVC_IP='10.0.0.1'\nCANONICAL_REVISION='v2'\n",
            text);
        Assert.Equal(text, EnvOverlay.Apply(text, vm, labels, address: null));
    }
}
