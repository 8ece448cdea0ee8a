using System.Globalization;

namespace HybridMesh.Core;

/// <summary>
/// Puts what one VM says on top of a cluster.env that was made for all VMs of a service account; every other line stays
/// byte for byte.
/// </summary>
internal static class EnvOverlay
{
    private const string Ports = "ISTIO_LOCAL_EXCLUDE_PORTS";
    private const string DefaultPorts = "22,15090,15021,15020";
    private const string Address = "ISTIO_SVC_IP";
    private const string Labels = "ISTIO_METAJSON_LABELS";
    private const string CanonicalRevision = "CANONICAL_REVISION";
    private const string CanonicalRevisionLabel = "service.istio.io/canonical-revision";

    /// <summary>The file's text for a VM.</summary>
    /// <param name="text">The text for all VMs.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="workload">The labels of its workload, the VM's own among them.</param>
    /// <param name="address">The address asked for; null for the one the file has, else the VM's.</param>
    public static string Apply(
        string text, MeshVm vm, IReadOnlyDictionary<string, string> workload, string? address)
    {
        SidecarEnv env = SidecarEnv.Parse(text);
        string result = text;
        if (vm.SshPort != 22 && !Contains(env[Ports] ?? "", vm.SshPort))
        {
            string port = vm.SshPort.ToString(CultureInfo.InvariantCulture);
            result = Set(result, Ports, $"{env[Ports] ?? DefaultPorts},{port}");
        }

        if ((address ?? (env[Address] is null ? vm.Address : null)) is { } own)
        {
            result = Set(result, Address, own);
        }

        Dictionary<string, string> labels = new(env.Labels, StringComparer.Ordinal);
        foreach ((string key, string value) in workload)
        {
            labels[key] = value;
        }

        if (!string.IsNullOrEmpty(vm.Version))
        {
            labels["version"] = vm.Version;
            labels[CanonicalRevisionLabel] = vm.Version;
            result = Set(result, CanonicalRevision, vm.Version);
        }

        bool same = labels.Count == env.Labels.Count
            && labels.All(pair => env.Labels.GetValueOrDefault(pair.Key) == pair.Value);
        return same ? result : Set(result, Labels, GoJson.Map(labels));
    }

    private static bool Contains(string ports, int port) => ports.Split(',', StringSplitOptions.TrimEntries)
        .Contains(port.ToString(CultureInfo.InvariantCulture));

    private static string Set(string text, string name, string value)
    {
        string line = $"{name}={ClusterEnv.Quote(value)}";
        string[] lines = text.Split('\n');
        int at = Array.FindIndex(lines, existing =>
            existing.StartsWith($"{name}=", StringComparison.Ordinal)
            || existing.StartsWith($"export {name}=", StringComparison.Ordinal));
        if (at < 0)
        {
            return $"{text}{(text.Length == 0 || text.EndsWith('\n') ? "" : "\n")}{line}\n";
        }

        lines[at] = lines[at].StartsWith("export ", StringComparison.Ordinal) ? $"export {line}" : line;
        return string.Join('\n', lines);
    }
}
