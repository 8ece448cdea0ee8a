using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// The proxy's part of the mesh configuration, merged from the mesh, the workload's annotations and what the workload
/// is.
/// </summary>
internal sealed class ProxyConfig
{
    private const string Metadata = "proxyMetadata";
    private readonly JsonObject _config;
    private readonly Dictionary<string, string> _metadata;

    private ProxyConfig(JsonObject config, Dictionary<string, string> metadata, string trustDomain)
    {
        _config = config;
        _metadata = metadata;
        TrustDomain = trustDomain;
    }

    /// <summary>The variables of the agent.</summary>
    public IReadOnlyDictionary<string, string> Variables => _metadata;

    /// <summary>The port of the agent's status; 0 when it is not set.</summary>
    public int StatusPort => _config.Number("statusPort") ?? 0;

    public string TrustDomain { get; }

    private string MeshId => _config.Text("meshId") ?? "";

    /// <summary>Merges the mesh's configuration with that of the workload, key by key; the workload wins.</summary>
    public static ProxyConfig Merge(
        MeshText mesh, IReadOnlyList<(string Text, string Source)> annotations, string? istiodAddress, IYamlFormat yaml)
    {
        JsonObject root = mesh.Read(yaml);
        JsonObject config = new ProtoJson(mesh.Source).Canonical(
            ProxyConfigSchema.Root, root["defaultConfig"] ?? new JsonObject(), "defaultConfig");
        if (istiodAddress is not null && string.IsNullOrEmpty(config.Text("discoveryAddress")))
        {
            config["discoveryAddress"] = istiodAddress;
        }

        Dictionary<string, string> metadata = config.Strings(Metadata);
        foreach ((string text, string source) in annotations)
        {
            if (yaml.Read(text, source) is not { } read)
            {
                continue;
            }

            JsonObject overlay = new ProtoJson(source).Canonical(ProxyConfigSchema.Root, read, "ProxyConfig");
            foreach ((string key, string value) in overlay.Strings(Metadata))
            {
                metadata[key] = value;
            }

            Overlay(config, overlay);
        }

        return new ProxyConfig(config, metadata, root.Text("trustDomain") ?? "");
    }

    /// <summary>Sets what the workload is.</summary>
    public void Describe(WorkloadTemplate workload, BootstrapOptions options)
    {
        string canonicalName = First(
            workload, "service.istio.io/canonical-name", "app.kubernetes.io/name", "app") ?? workload.Name;
        string canonicalRevision = First(
            workload, "service.istio.io/canonical-revision", "app.kubernetes.io/version", "version") ?? "latest";
        Dictionary<string, string> labels = new(workload.Labels, StringComparer.Ordinal)
        {
            ["service.istio.io/canonical-name"] = canonicalName,
            ["service.istio.io/canonical-revision"] = canonicalRevision,
        };
        _metadata["CANONICAL_SERVICE"] = canonicalName;
        _metadata["CANONICAL_REVISION"] = canonicalRevision;
        _metadata["POD_NAMESPACE"] = workload.Namespace;
        _metadata["SERVICE_ACCOUNT"] = workload.ServiceAccount;
        _metadata["TRUST_DOMAIN"] = TrustDomain;
        _metadata["ISTIO_META_CLUSTER_ID"] = options.ClusterId;
        _metadata["ISTIO_META_MESH_ID"] = MeshId;
        _metadata["ISTIO_META_NETWORK"] = workload.Network ?? "";
        _metadata["ISTIO_META_WORKLOAD_NAME"] = workload.Name;
        _metadata["ISTIO_METAJSON_LABELS"] = GoJson.Map(labels);
        if (workload.Ports.Count > 0)
        {
            _metadata["ISTIO_META_POD_PORTS"] = PodPorts(workload);
        }

        if (options.CaptureDns)
        {
            _metadata["ISTIO_META_DNS_CAPTURE"] = "true";
        }

        if (options.AutoRegister)
        {
            _metadata["ISTIO_META_AUTO_REGISTER_GROUP"] = workload.Name;
        }

        SetProbe(workload.Probe);
    }

    /// <summary>The file mesh.yaml.</summary>
    public string Write(IYamlFormat yaml)
    {
        JsonObject config = _config.DeepClone().AsObject();
        config[Metadata] =
            new JsonObject(_metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        return yaml.Write(new JsonObject { ["defaultConfig"] = config });
    }

    // A whole field replaces a whole field, as in Istio; only the metadata is merged.
    private static void Overlay(JsonObject config, JsonObject overlay)
    {
        if (ProxyConfigSchema.Exclusive.Any(overlay.ContainsKey))
        {
            foreach (string name in ProxyConfigSchema.Exclusive)
            {
                config.Remove(name);
            }
        }

        foreach ((string name, JsonNode? value) in overlay)
        {
            config[name] = value?.DeepClone();
        }
    }

    private void SetProbe(JsonObject? probe)
    {
        if (probe is null)
        {
            _config.Remove("readinessProbe");
        }
        else
        {
            _config["readinessProbe"] = new ProtoJson("The WorkloadGroup")
                .Canonical("ReadinessProbe", probe, "spec.probe");
        }
    }

    private static string? First(WorkloadTemplate workload, params string[] labels) =>
        labels.Where(workload.Labels.ContainsKey).Select(label => workload.Labels[label]).FirstOrDefault();

    private static string PodPorts(WorkloadTemplate workload)
    {
        IEnumerable<string> ports = workload.Ports.OrderBy(port => port.Name, StringComparer.Ordinal)
            .Select(port => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"name":{{GoJson.Text(port.Name)}},"containerPort":{{port.Port.Number}},"protocol":""}"""));
        return $"[{string.Join(',', ports)}]";
    }
}
