using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>A WorkloadEntry with what only drift looks at.</summary>
internal sealed record DriftEntry
{
    public required WorkloadEntry Entry { get; init; }

    /// <summary>The WorkloadGroup istiod made it for; null when it was made by hand.</summary>
    public string? Group { get; init; }

    /// <summary>When its sidecar went; null when it is connected or was made by hand.</summary>
    public DateTimeOffset? DisconnectedAt { get; init; }

    /// <summary>The names of the ports it maps.</summary>
    public IReadOnlyCollection<string> Ports { get; init; } = ReadOnlyCollection<string>.Empty;

    public static DriftEntry Read(JsonObject item, string? services)
    {
        Dictionary<string, string> labels = item.Strings("spec", "labels");
        JsonNode? annotations = item.At("metadata", "annotations");
        DateTimeOffset? gone = Time(annotations.Text("istio.io/disconnectedAt"));
        return new()
        {
            Entry = new WorkloadEntry
            {
                Namespace = item.Text("metadata", "namespace") ?? "",
                Name = item.Text("metadata", "name") ?? "",
                ServiceName = services,
                Address = item.Text("spec", "address"),
                Version = labels.GetValueOrDefault("version"),
                Labels = labels,
                Weight = item.Number("spec", "weight"),
                Locality = item.Text("spec", "locality"),
                Network = item.Text("spec", "network") is { Length: > 0 } network ? network : null,
                ServiceAccount = item.Text("spec", "serviceAccount") is { Length: > 0 } account ? account : null,
            },
            Group = annotations.Text("istio.io/autoRegistrationGroup"),
            // Connected again later, the older time stays behind.
            DisconnectedAt = gone > (Time(annotations.Text("istio.io/connectedAt")) ?? DateTimeOffset.MinValue)
                ? gone : null,
            Ports = item.At("spec", "ports") is JsonObject ports ? [.. ports.Select(pair => pair.Key)] : [],
        };
    }

    /// <summary>The VM the entry is about, as far as it says.</summary>
    public MeshVm ToVm(MeshVm? known)
    {
        MeshVm vm = known ?? new MeshVm { Name = Entry.Name, Address = Entry.Address ?? "" };
        return vm with
        {
            Version = Entry.Version ?? vm.Version,
            Network = Entry.Network ?? vm.Network,
            Locality = Entry.Locality ?? vm.Locality,
            Weight = Entry.Weight ?? vm.Weight,
            ServiceAccount = Entry.ServiceAccount ?? vm.ServiceAccount,
        };
    }

    private static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out DateTimeOffset time) ? time : null;
}
