using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>The rules of a Service's spec.</summary>
internal static partial class ServiceValidation
{
    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];
    private static readonly string[] Affinities = ["ClientIP", "None"];

    public static IEnumerable<StatusCause> Check(JsonObject item, JsonObject? live)
    {
        JsonObject spec = item["spec"]!.AsObject();
        string type = (string?)spec["type"] ?? "";
        JsonArray ports = spec["ports"] as JsonArray ?? [];
        bool headless = (string?)spec["clusterIP"] == "None";
        List<StatusCause> causes = [];
        if (ports.Count == 0 && !headless && type != "ExternalName")
        {
            causes.Add(FieldError.Required("spec.ports"));
        }

        causes.AddRange(Ports(ports));
        if (!Types.Contains(type))
        {
            causes.Add(FieldError.Unsupported("spec.type", type, Types));
        }

        if (!Affinities.Contains((string?)spec["sessionAffinity"]))
        {
            causes.Add(
                FieldError.Unsupported("spec.sessionAffinity", (string?)spec["sessionAffinity"] ?? "", Affinities));
        }

        if (type == "ExternalName" && (string?)spec["externalName"] is null or "")
        {
            causes.Add(FieldError.Required("spec.externalName"));
        }

        causes.AddRange(MetadataValidation.Labels(spec["selector"] as JsonObject, "spec.selector"));
        causes.AddRange(Address(spec, live, type));
        return causes;
    }

    private static IEnumerable<StatusCause> Address(JsonObject spec, JsonObject? live, string type)
    {
        string? address = (string?)spec["clusterIP"];
        string? first = (string?)(spec["clusterIPs"] as JsonArray)?.FirstOrDefault();
        if (address != first)
        {
            yield return FieldError.Invalid(
                "spec.clusterIPs", spec["clusterIPs"], "first value must match `clusterIP`");
        }

        if (address is not (null or "" or "None") && !IPAddress.TryParse(address, out _))
        {
            yield return FieldError.Invalid(
                "spec.clusterIPs[0]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }

        string? old = (string?)live?["spec"]?["clusterIP"];
        if (old is not (null or "") && type != "ExternalName" && address != old)
        {
            yield return FieldError.Invalid(
                "spec.clusterIPs[0]", spec["clusterIPs"] ?? JsonValue.Create(address), "may not change once set");
        }
    }

    private static List<StatusCause> Ports(JsonArray ports)
    {
        List<StatusCause> causes = [];
        HashSet<string> names = [];
        HashSet<string> pairs = [];
        for (int i = 0; i < ports.Count; i++)
        {
            string path = $"spec.ports[{i}]";
            JsonObject port = ports[i] as JsonObject ?? [];
            string? name = (string?)port["name"];
            if (string.IsNullOrEmpty(name))
            {
                if (ports.Count > 1)
                {
                    causes.Add(FieldError.Required($"{path}.name"));
                }
            }
            else
            {
                causes.AddRange(
                    NameRules.Label1123(name).Select(error => FieldError.Invalid($"{path}.name", name, error)));
                if (!names.Add(name))
                {
                    causes.Add(FieldError.Duplicate($"{path}.name", name));
                }
            }

            causes.AddRange(Port(port, path));
            if (!pairs.Add($"{port["port"]}/{port["protocol"]}"))
            {
                causes.Add(FieldError.Duplicate(path, port));
            }
        }

        return causes;
    }

    private static IEnumerable<StatusCause> Port(JsonObject port, string path)
    {
        if (!InRange(port["port"]))
        {
            yield return FieldError.Invalid(
                $"{path}.port", port["port"] ?? JsonValue.Create(0), "must be between 1 and 65535, inclusive");
        }

        string protocol = (string?)port["protocol"] ?? "";
        if (!Protocols.Contains(protocol))
        {
            yield return FieldError.Unsupported($"{path}.protocol", protocol, Protocols);
        }

        JsonNode? target = port["targetPort"];
        if (target?.GetValueKind() == JsonValueKind.Number && !InRange(target) && InRange(port["port"]))
        {
            yield return FieldError.Invalid($"{path}.targetPort", target, "must be between 1 and 65535, inclusive");
        }
        else if (target?.GetValueKind() == JsonValueKind.String && !PortName().IsMatch((string)target!))
        {
            yield return FieldError.Invalid(
                $"{path}.targetPort", target,
                "a port name has 15 characters at most of a-z, 0-9 and '-', one letter at least");
        }

        if (port["nodePort"] is { } node && ((long)node < 30000 || (long)node > 32767))
        {
            yield return FieldError.Invalid(
                $"{path}.nodePort", node, "must be between 30000 and 32767");
        }
    }

    public static bool InRange(JsonNode? port) => port?.GetValueKind() == JsonValueKind.Number
        && port.AsValue().TryGetValue(out long number) && number is >= 1 and <= 65535;

    [GeneratedRegex(@"\A(?=.{1,15}\z)(?=.*[a-z])[a-z0-9]([a-z0-9]|-(?!-))*(?<!-)\z")]
    public static partial Regex PortName();
}
