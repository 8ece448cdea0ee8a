using System.Globalization;

namespace HybridMesh.Core;

/// <summary>The texts of the files that are made, not fetched: cluster.env, mesh.yaml and hosts.</summary>
internal static class BootstrapFiles
{
    // Prometheus and the agent; 22 so that nobody locks himself out of the VM.
    private const string ExcludedPorts = "22,15090,15021";
    private const int DefaultStatusPort = 15020;

    /// <summary>cluster.env and mesh.yaml of a workload.</summary>
    public static (SidecarFile ClusterEnv, SidecarFile MeshConfig) Make(
        MeshText mesh, WorkloadTemplate workload, BootstrapOptions options, IYamlFormat yaml)
    {
        ProxyConfig config = ProxyConfig.Merge(mesh, workload.ProxyConfigs, options.IstiodAddress, yaml);
        config.Describe(workload, options);
        Dictionary<string, string> variables = new(config.Variables, StringComparer.Ordinal);
        foreach ((string key, string value) in Overrides(config, workload, options))
        {
            variables[key] = value;
        }

        return (new(SidecarFileNames.ClusterEnv, ClusterEnv.Write(variables)),
            new(SidecarFileNames.MeshConfig, config.Write(yaml)));
    }

    /// <summary>The VM's record of istiod; empty when no address is wanted.</summary>
    public static SidecarFile Hosts(string? ingressIP, BootstrapOptions options) => new(
        SidecarFileNames.Hosts, string.IsNullOrEmpty(ingressIP) ? "" : $"{ingressIP} {options.IstiodHost}\n");

    private static IEnumerable<KeyValuePair<string, string>> Overrides(
        ProxyConfig config, WorkloadTemplate workload, BootstrapOptions options)
    {
        yield return new("ISTIO_INBOUND_PORTS", workload.Ports.Count == 0 ? "*" : string.Join(
            ',', workload.Ports.Select(port => port.Port.Number.ToString(CultureInfo.InvariantCulture))));
        yield return new("ISTIO_NAMESPACE", workload.Namespace);
        yield return new("ISTIO_SERVICE", $"{workload.Name}.{workload.Namespace}");
        yield return new("ISTIO_SERVICE_CIDR", "*");
        yield return new("ISTIO_LOCAL_EXCLUDE_PORTS", Excluded(config.StatusPort, workload.ExcludedPorts));
        yield return new("SERVICE_ACCOUNT", workload.ServiceAccount);
        if (options.IstiodAddress is { } istiod)
        {
            yield return new("CA_ADDR", istiod);
        }

        if ((options.InternalIP ?? options.ExternalIP) is { } address)
        {
            yield return new("ISTIO_SVC_IP", address);
        }

        if (options.InternalIP is null && options.ExternalIP is not null)
        {
            yield return new("REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION", "true");
        }
    }

    private static string Excluded(int statusPort, IReadOnlyList<int> more)
    {
        int status = statusPort == 0 ? DefaultStatusPort : statusPort;
        int[] ports = [.. status is 15090 or 15021 ? [] : new[] { status }, .. more];
        return ExcludedPorts + string.Concat(
            ports.Select(port => string.Create(CultureInfo.InvariantCulture, $",{port}")));
    }
}
