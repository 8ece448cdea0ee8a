using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>The objects of an app as they are applied; their shapes are those AddVmAppToMesh makes.</summary>
internal static class VmAppManifests
{
    private const string ServiceAccountAnnotation = "kubernetes.io/service-account.name";

    public static JsonObject ServiceEntry(VmAppInput input, KubernetesKind kind) => new()
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = Metadata(input.Namespace, VmAppNames.ServiceEntry(input.ServiceName)),
        ["spec"] = new JsonObject
        {
            ["hosts"] = new JsonArray(VmAppNames.Host(input.ServiceName, input.Namespace)),
            ["location"] = "MESH_INTERNAL",
            ["ports"] = new JsonArray([.. input.Ports.Select(port => (JsonNode)new JsonObject
            {
                ["name"] = port.ObjectName,
                ["number"] = port.Number,
                ["protocol"] = port.Protocol,
            })]),
            ["resolution"] = "STATIC",
            ["workloadSelector"] = new JsonObject { ["labels"] = Map(input.Selector) },
        },
    };

    public static JsonObject Service(VmAppInput input)
    {
        JsonObject metadata = Metadata(input.Namespace, input.ServiceName);
        Dictionary<string, string> annotations = new(input.Annotations, StringComparer.Ordinal);
        if (input.ServiceAccount is not null)
        {
            annotations[ServiceAccountAnnotation] = input.ServiceAccount;
        }

        if (annotations.Count > 0)
        {
            metadata["annotations"] = Map(annotations);
        }

        metadata["labels"] = Map(input.Selector);
        return new JsonObject
        {
            ["apiVersion"] = KubernetesKind.Service.ApiVersion,
            ["kind"] = KubernetesKind.Service.Kind,
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["ports"] = new JsonArray([.. input.Ports.Select(port => (JsonNode)new JsonObject
                {
                    ["name"] = port.ObjectName,
                    ["port"] = port.Number,
                    ["protocol"] = port.Name == "udp" ? "UDP" : "TCP",
                    ["targetPort"] = port.Number,
                })]),
            },
        };
    }

    /// <summary>An entry without its version, whose writer is another.</summary>
    public static JsonObject Entry(VmAppInput input, EntryInput entry, string name, KubernetesKind kind) => new()
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = Metadata(input.Namespace, name),
        ["spec"] = EntrySpec(input, entry),
    };

    /// <summary>
    /// The least an entry can be. Creating it takes the number: unlike an apply, it fails when another writer has.
    /// Without labels no ServiceEntry selects it yet.
    /// </summary>
    public static JsonObject BareEntry(JsonObject manifest)
    {
        JsonObject bare = manifest.DeepClone().AsObject();
        JsonObject spec = new() { ["address"] = manifest.Text("spec", "address") };
        if (manifest.Text("spec", "network") is { } network)
        {
            spec["network"] = network;
        }

        bare["spec"] = spec;
        return bare;
    }

    public static JsonObject EntrySpec(VmAppInput input, EntryInput entry)
    {
        JsonObject spec = new() { ["address"] = entry.Address, ["labels"] = Map(entry.Labels) };
        if (!string.IsNullOrEmpty(entry.Vm.Locality))
        {
            spec["locality"] = entry.Vm.Locality;
        }

        if (entry.Network is not null)
        {
            spec["network"] = entry.Network;
        }

        if (input.ServiceAccount is not null)
        {
            spec["serviceAccount"] = input.ServiceAccount;
        }

        if (entry.Vm.Weight is { } weight)
        {
            spec["weight"] = weight;
        }

        return spec;
    }

    private static JsonObject Metadata(string ns, string name) => new() { ["name"] = name, ["namespace"] = ns };

    private static JsonObject Map(IReadOnlyDictionary<string, string> map) =>
        new(map.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
