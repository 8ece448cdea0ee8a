using HybridMesh.Core;

namespace HybridMesh.Kubernetes;

/// <summary>The paths of Kubernetes' REST API.</summary>
internal static class ResourcePath
{
    public static string Group(string group, string version) =>
        group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";

    public static string Collection(KubernetesKind kind, string? ns) =>
        kind.Namespaced && ns is not null
            ? $"{Group(kind.Group, kind.Version)}/namespaces/{Uri.EscapeDataString(ns)}/{kind.Plural}"
            : $"{Group(kind.Group, kind.Version)}/{kind.Plural}";

    public static string Item(KubernetesKind kind, string? ns, string name) =>
        $"{Collection(kind, ns)}/{Uri.EscapeDataString(name)}";

    /// <summary>A query of the parameters that have a value.</summary>
    public static string Query(params (string Name, string? Value)[] parameters)
    {
        string query = string.Join('&', parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
        return query.Length == 0 ? "" : "?" + query;
    }
}
