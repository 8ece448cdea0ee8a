using System.Collections.ObjectModel;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What a sidecar's bootstrap files say of its workload.</summary>
internal sealed record WorkloadTemplate
{
    private const string ProxyConfigAnnotation = "proxy.istio.io/config";
    private const string VersionLabel = "version";

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The ports by name, in the order declared.</summary>
    public IReadOnlyList<(string Name, MeshPort Port)> Ports { get; init; } = [];

    public required string ServiceAccount { get; init; }

    public string? Network { get; init; }

    /// <summary>The proxy's configuration in annotations, each with what it is; a later one wins.</summary>
    public IReadOnlyList<(string Text, string Source)> ProxyConfigs { get; init; } = [];

    public JsonObject? Probe { get; init; }

    /// <summary>Ports of the VM that must never be captured, besides Istio's own.</summary>
    public IReadOnlyList<int> ExcludedPorts { get; init; } = [];

    public string? Version => Labels.GetValueOrDefault(VersionLabel);

    /// <summary>The template that a WorkloadGroup is.</summary>
    public static WorkloadTemplate Of(WorkloadGroup group)
    {
        string owner = $"WorkloadGroup {group.Namespace}/{group.Name}";
        LabelSyntax.CheckObjectName(group.Name, "WorkloadGroup");
        JsonObject manifest = group.Manifest ?? WorkloadGroupManifest.Write(group, WorkloadGroupManifest.ApiVersion);
        return Checked(owner, new()
        {
            Namespace = group.Namespace,
            Name = group.Name,
            Labels = group.Labels,
            Ports = group.Manifest is null
                ? [.. WorkloadGroupManifest.PortNames(group.Ports)]
                : [.. group.Ports.Select(port => (port.Name, port))],
            ServiceAccount = group.ServiceAccount,
            Network = group.Network,
            ProxyConfigs = [.. ProxyConfigsOf(manifest, owner)],
            Probe = manifest.At("spec", "probe") as JsonObject,
        });
    }

    /// <summary>The template that an app on VMs is: its labels, ports and service account.</summary>
    public static WorkloadTemplate Of(MeshVmApp app) => Checked($"VM app {app.Namespace}/{app.ServiceName}", new()
    {
        Namespace = app.Namespace,
        Name = app.ServiceName,
        Labels = app.Labels,
        Ports = [.. app.Ports.Select(port => (port.ObjectName, port))],
        ServiceAccount = app.ServiceAccount ?? WorkloadGroupManifest.DefaultServiceAccount,
    });

    /// <summary>The template with what one VM says on top.</summary>
    public WorkloadTemplate For(MeshVm? vm)
    {
        if (vm is null)
        {
            return this;
        }

        Dictionary<string, string> labels = new(Labels, StringComparer.Ordinal);
        foreach ((string key, string value) in vm.Labels)
        {
            labels[key] = value;
        }

        if (!string.IsNullOrEmpty(vm.Version))
        {
            labels[VersionLabel] = vm.Version;
        }

        return Checked($"VM {vm}", this with
        {
            Labels = labels,
            ServiceAccount = string.IsNullOrEmpty(vm.ServiceAccount) ? ServiceAccount : vm.ServiceAccount,
            Network = string.IsNullOrEmpty(vm.Network) ? Network : vm.Network,
            ExcludedPorts = vm.SshPort == 22 ? [] : [vm.SshPort],
        });
    }

    // A label too long for Kubernetes would keep the WorkloadEntry from being made, long after this.
    private static WorkloadTemplate Checked(string owner, WorkloadTemplate template)
    {
        foreach ((string key, string value) in template.Labels)
        {
            LabelSyntax.CheckLabel(key, value, owner, target: null);
        }

        LabelSyntax.CheckDnsLabel(template.Namespace, "Namespace");
        LabelSyntax.CheckObjectName(template.ServiceAccount, "ServiceAccount");
        return template;
    }

    private static IEnumerable<(string Text, string Source)> ProxyConfigsOf(JsonObject manifest, string owner)
    {
        if (manifest.Text("metadata", "annotations", ProxyConfigAnnotation) is { } outer)
        {
            yield return (outer, $"Annotation {ProxyConfigAnnotation} of {owner}");
        }

        if (manifest.Text("spec", "metadata", "annotations", ProxyConfigAnnotation) is { } inner)
        {
            yield return (inner, $"Annotation {ProxyConfigAnnotation} in spec.metadata of {owner}");
        }
    }
}
