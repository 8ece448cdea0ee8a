using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

/// <summary>Objects of the article's scenario, written short.</summary>
internal static class MeshObjects
{
    public const string Namespace = "http-reciprocal-hello";

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    public static JsonObject Object(string name, string spec, string labels = "{}", string ns = Namespace) => Json($$"""
        { "metadata": { "name": "{{name}}", "namespace": "{{ns}}", "labels": {{labels}} }, "spec": {{spec}} }
        """);

    public static JsonObject Service(
        string name, string clusterIp, int port, string? selector = null, string targetPort = "8001",
        string portName = "http") => Object(name, $$"""
        {
          "clusterIP": "{{clusterIp}}", {{(selector is null ? "" : $"\"selector\": {selector},")}}
          "ports": [{ "name": "{{portName}}", "port": {{port}}, "targetPort": {{targetPort}}, "protocol": "TCP" }]
        }
        """);

    public static JsonObject Pod(string name, string address, string labels, int port = 8001, bool ready = true) => Json($$"""
        {
          "metadata": { "name": "{{name}}", "namespace": "{{Namespace}}", "labels": {{labels}} },
          "spec": { "containers": [{ "name": "c", "ports": [{ "name": "web", "containerPort": {{port}} }] }] },
          "status": {
            "podIP": "{{address}}", "conditions": [{ "type": "Ready", "status": "{{(ready ? "True" : "False")}}" }]
          }
        }
        """);

    public static JsonObject ServiceEntry(
        string service, int port, string protocol = "HTTP", string portName = "http-8001", string extra = "") => Object(
        $"mesh-expansion-{service}", $$"""
        {
          "hosts": ["{{service}}.{{Namespace}}.svc.cluster.local"], "location": "MESH_INTERNAL", "resolution": "STATIC",
          "ports": [{ "name": "{{portName}}", "number": {{port}}, "protocol": "{{protocol}}" {{extra}} }],
          "workloadSelector": { "labels": { "app": "hello-workload" } }
        }
        """);

    public static JsonObject WorkloadEntry(string name, string address, string version, string extra = "") => Object(
        name, $$"""
        { "address": "{{address}}", "labels": { "app": "hello-workload", "version": "{{version}}" } {{extra}} }
        """);

    public static JsonObject DestinationRule(string host = "hello2-svc") => Object("hello2-dr", $$"""
        {
          "host": "{{host}}",
          "subsets": [
            { "name": "v1", "labels": { "version": "v1" } }, { "name": "v2", "labels": { "version": "v2" } },
            { "name": "v3", "labels": { "version": "v3" } }
          ]
        }
        """);

    /// <summary>The article's hello2-vs with weights of one's own.</summary>
    public static JsonObject WeightedService(int v1, int v2, int v3) => Object("hello2-vs", $$"""
        {
          "hosts": ["hello2-svc"],
          "http": [
            { "name": "http-hello-route", "match": [{ "uri": { "prefix": "/hello" } }], "route": [
              { "destination": { "host": "hello2-svc", "subset": "v1" }, "weight": {{v1}} },
              { "destination": { "host": "hello2-svc", "subset": "v2" }, "weight": {{v2}} },
              { "destination": { "host": "hello2-svc", "subset": "v3" }, "weight": {{v3}} } ] },
            { "name": "http-bye-route", "match": [{ "uri": { "exact": "/bye" } }], "route": [
              { "destination": { "host": "hello2-svc", "subset": "v1" }, "weight": 90 },
              { "destination": { "host": "hello2-svc", "subset": "v2" }, "weight": 10 } ] }
          ]
        }
        """);

    public static JsonObject Gateway(int port, string hosts = """["*"]""") => Object("hello-gateway", $$"""
        {
          "selector": { "istio": "ingressgateway" },
          "servers": [{ "port": { "number": {{port}}, "name": "http", "protocol": "HTTP" }, "hosts": {{hosts}} }]
        }
        """);

    public static JsonObject GatewayService(int port, string host = "hello2-svc") => Object("gateway-vs", $$"""
        {
          "hosts": ["*"], "gateways": ["hello-gateway"],
          "http": [{ "match": [{ "port": {{port}} }], "route": [{ "destination": { "host": "{{host}}" } }] }]
        }
        """);
}
