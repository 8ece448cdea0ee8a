using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>WorkloadGroups as objects of Kubernetes.</summary>
internal static class WorkloadGroupManifest
{
    public const string DefaultServiceAccount = "default";

    /// <summary>The apiVersion istioctl writes.</summary>
    public const string ApiVersion = "networking.istio.io/v1";

    /// <summary>Reads an object; what is not there has its default.</summary>
    /// <exception cref="MeshException">ManifestInvalid or PortInvalid, naming the source.</exception>
    public static WorkloadGroup Read(JsonObject manifest, string ns, string source)
    {
        JsonNode? template = manifest.At("spec", "template");
        Dictionary<string, string> labels = Strings(manifest, source, "spec", "metadata", "labels");
        foreach ((string key, string value) in Strings(manifest, source, "spec", "template", "labels"))
        {
            labels[key] = value;
        }

        return new WorkloadGroup
        {
            Namespace = ns,
            Name = manifest.Text("metadata", "name") ?? "",
            Labels = labels,
            Annotations = Strings(manifest, source, "spec", "metadata", "annotations"),
            Ports = [.. (template.At("ports") as JsonObject ?? []).Select(pair => Port(pair.Key, pair.Value, source))],
            ServiceAccount = template.Text("serviceAccount") is { Length: > 0 } account
                ? account : DefaultServiceAccount,
            Network = template.Text("network"),
            Locality = template.Text("locality"),
            Weight = template.Number("weight"),
            Manifest = manifest,
        };
    }

    /// <summary>The object of a group, as istioctl writes it.</summary>
    public static JsonObject Write(WorkloadGroup group, string apiVersion)
    {
        JsonObject metadata = [];
        Add(metadata, "annotations", Map(group.Annotations));
        Add(metadata, "labels", Map(group.Labels));
        JsonObject template = [];
        AddText(template, "locality", group.Locality);
        AddText(template, "network", group.Network);
        Add(template, "ports", new JsonObject(PortNames(group.Ports).Select(port =>
            KeyValuePair.Create(port.Name, (JsonNode?)port.Port.Number))));
        AddText(template, "serviceAccount", group.ServiceAccount);
        if (group.Weight is { } weight and > 0)
        {
            template["weight"] = weight;
        }

        return new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = KubernetesKind.WorkloadGroup.Kind,
            ["metadata"] = new JsonObject { ["name"] = group.Name, ["namespace"] = group.Namespace },
            ["spec"] = new JsonObject { ["metadata"] = metadata, ["template"] = template },
        };
    }

    /// <summary>
    /// The names ports have in a template: the protocol, with the number where several ports speak the same.
    /// </summary>
    public static IEnumerable<(string Name, MeshPort Port)> PortNames(IReadOnlyList<MeshPort> ports) =>
        ports.Select(port => (ports.Count(other => other.Name == port.Name) > 1 ? port.ObjectName : port.Name, port));

    private static MeshPort Port(string name, JsonNode? value, string source)
    {
        // Protobuf's JSON takes a number in quotes, too.
        string text = value.Text() ?? value?.ToJsonString() ?? "";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is >= 1 and <= 65535
            ? new MeshPort(name, number)
            : throw new MeshException(
                MeshErrorCode.PortInvalid,
                $"{source}: port {name} is '{text}', which is no number from 1 to 65535.", source);
    }

    private static Dictionary<string, string> Strings(JsonObject manifest, string source, params string[] path)
    {
        foreach ((string key, JsonNode? value) in manifest.At(path) as JsonObject ?? [])
        {
            if (value is not null && value.Text() is null)
            {
                throw new MeshException(
                    MeshErrorCode.ManifestInvalid,
                    $"{source}: {string.Join('.', path)}.{key} must be text; quote it.", source);
            }
        }

        return manifest.Strings(path);
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> map) => new(map
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static void Add(JsonObject target, string name, JsonObject map)
    {
        if (map.Count > 0)
        {
            target[name] = map;
        }
    }

    private static void AddText(JsonObject target, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            target[name] = text;
        }
    }
}
