using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// The ConfigMaps istiod lives by and leaves: what the mesh is, in the control plane, and the mesh's root certificate
/// in every namespace of the data plane.
/// </summary>
internal sealed class MeshConfigMaps(string meshId, string rootPem)
{
    private const string Namespace = GatewayService.Namespace;
    public const string RootName = "istio-ca-root-cert";
    public const string TrustDomain = "cluster.local";
    public const string ClusterId = "Kubernetes";
    public const string DiscoveryAddress = "istiod.istio-system.svc:15012";

    public string RootPem => rootPem;

    public string MeshId => meshId;

    /// <summary>Writes what describes the mesh: ConfigMaps istio and istio-sidecar-injector.</summary>
    public void WriteMesh(ObjectStore controlPlane)
    {
        Write(controlPlane, Namespace, "istio", new() { ["mesh"] = Mesh(), ["meshNetworks"] = "networks: {}" });
        Write(controlPlane, Namespace, "istio-sidecar-injector", new()
        {
            ["config"] = "policy: enabled\nalwaysInjectSelector: []\nneverInjectSelector: []\ntemplates: {}\n",
            ["values"] = Values().ToJsonString(new() { WriteIndented = true }),
        });
    }

    /// <summary>Writes the root certificate into a namespace, as long as there is one of that name.</summary>
    public void WriteRoot(ObjectStore dataPlane, string ns) =>
        dataPlane.Update("ConfigMap", ns, RootName, stored =>
        {
            // Under the store's lock: a namespace that goes takes its ConfigMaps along, and none may follow it.
            if (dataPlane.Find("Namespace", null, ns) is null || stored.Text("data", "root-cert.pem") == rootPem)
            {
                return stored;
            }

            JsonObject map = stored ?? New(ns, RootName, []);
            map["metadata"]!.AsObject()["labels"] = new JsonObject { ["istio.io/config"] = "true" };
            map["data"] = new JsonObject { ["root-cert.pem"] = rootPem };
            return map;
        });

    private static void Write(ObjectStore store, string ns, string name, JsonObject data) =>
        store.Update("ConfigMap", ns, name, stored => stored ?? New(ns, name, data));

    private static JsonObject New(string ns, string name, JsonObject data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
        ["data"] = data,
    };

    private string Mesh() => $"""
        accessLogFile: /dev/stdout
        defaultConfig:
          discoveryAddress: {DiscoveryAddress}
          meshId: {meshId}
          proxyMetadata:
            ISTIO_META_DNS_CAPTURE: "true"
        enablePrometheusMerge: true
        rootNamespace: {Namespace}
        trustDomain: {TrustDomain}

        """;

    private JsonObject Values() => new()
    {
        ["global"] = new JsonObject
        {
            ["caAddress"] = "",
            ["istioNamespace"] = Namespace,
            ["meshID"] = meshId,
            ["multiCluster"] = new JsonObject { ["clusterName"] = ClusterId, ["enabled"] = false },
            ["network"] = "",
            ["pilotCertProvider"] = "istiod",
            ["sts"] = new JsonObject { ["servicePort"] = 0 },
        },
        ["revision"] = "",
    };
}
