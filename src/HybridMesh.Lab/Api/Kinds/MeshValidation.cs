using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Rules of Istio's kinds that tie fields together, which the schemas can't say.</summary>
internal static class MeshValidation
{
    public static IEnumerable<StatusCause> Check(ResourceType type, JsonObject item) => type.Kind switch
    {
        "WorkloadEntry" => Workload(item["spec"], "spec"),
        "WorkloadGroup" => Workload(item["spec"]?["template"], "spec.template"),
        "ServiceEntry" => ServiceEntry(item["spec"]),
        _ => [],
    };

    private static IEnumerable<StatusCause> ServiceEntry(JsonNode? spec)
    {
        string resolution = Text(spec, "resolution") is { Length: > 0 } given ? given : "NONE";
        JsonArray endpoints = List(spec, "endpoints");
        JsonArray addresses = List(spec, "addresses");
        JsonArray ports = List(spec, "ports");
        if (resolution is not ("NONE" or "STATIC")
            && addresses.Any(one => one?.ToString().Contains('/', StringComparison.Ordinal) == true))
        {
            yield return FieldError.Invalid(
                "spec.addresses", addresses, $"address ranges need resolution NONE or STATIC, not {resolution}");
        }

        if (endpoints.Count > 0 && resolution == "NONE")
        {
            yield return FieldError.Invalid("spec.resolution", resolution, "endpoints need another resolution");
        }

        if (endpoints.Count > 1 && resolution == "DNS_ROUND_ROBIN")
        {
            yield return FieldError.Invalid("spec.resolution", resolution, "takes one endpoint");
        }

        for (int i = 0; i < ports.Count; i++)
        {
            JsonNode? number = Field(ports[i], "number");
            if (number is not null && ports.Take(i).Any(other => JsonNode.DeepEquals(Field(other, "number"), number)))
            {
                yield return FieldError.Duplicate($"spec.ports[{i}].number", number);
            }
        }

        foreach (StatusCause cause in endpoints.SelectMany((one, i) => Workload(one, $"spec.endpoints[{i}]")))
        {
            yield return cause;
        }
    }

    /// <summary>A workload behind a Unix socket has an absolute or abstract path and no ports.</summary>
    private static IEnumerable<StatusCause> Workload(JsonNode? workload, string path)
    {
        const string Scheme = "unix://";
        string address = Text(workload, "address");
        if (!address.StartsWith(Scheme, StringComparison.Ordinal))
        {
            yield break;
        }

        string socket = address[Scheme.Length..];
        if (socket.Length == 0 || socket[0] is not ('/' or '@') || socket[^1] == '/')
        {
            yield return FieldError.Invalid($"{path}.address", address, "names no socket");
        }

        if (Field(workload, "ports") is JsonObject { Count: > 0 })
        {
            yield return FieldError.Forbidden($"{path}.ports", "a socket has no ports");
        }
    }

    private static JsonNode? Field(JsonNode? item, string name) => (item as JsonObject)?[name];

    private static string Text(JsonNode? item, string name) => Field(item, name)?.ToString() ?? "";

    private static JsonArray List(JsonNode? item, string name) => Field(item, name) as JsonArray ?? [];
}
