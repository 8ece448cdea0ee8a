using HybridMesh.Core;

namespace HybridMesh.Kubernetes;

/// <summary>One request to an API server, with what messages need to name it.</summary>
internal sealed record ApiCall
{
    public required HttpMethod Method { get; init; }

    /// <summary>Path and query below the server's URL, without a leading slash.</summary>
    public required string Path { get; init; }

    /// <summary>The verb of Kubernetes' authorisation: get, list, watch, create, update, patch, delete.</summary>
    public required string Verb { get; init; }

    /// <summary>Null for calls that concern no kind, such as /version.</summary>
    public KubernetesKind? Kind { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    /// <summary>The part of an object asked for, such as exec.</summary>
    public string? Subresource { get; init; }

    public string? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Whether it is a server-side apply, which says the same whatever others wrote meanwhile.</summary>
    public bool IsApply => ContentType == "application/apply-patch+yaml";

    public string Accept { get; init; } = "application/json";

    /// <summary>Whether sending it twice does no more than sending it once.</summary>
    public bool Idempotent { get; init; } = true;

    /// <summary>What the call is about: <c>Service ns/name</c>, <c>pods in namespace x</c>.</summary>
    public string Subject =>
        Kind is null ? "/" + Path
        : Name is not null ? ObjectName.Of(Kind.Kind, Namespace, Name)
        : Namespace is not null ? $"{Resource} in namespace {Namespace}" : $"{Resource} in all namespaces";

    /// <summary>
    /// The resource as RBAC rules name it: <c>workloadentries.networking.istio.io</c>, <c>pods/exec</c>.
    /// </summary>
    public string Resource => Kind is null ? "/" + Path
        : (Kind.Group.Length == 0 ? Kind.Plural : $"{Kind.Plural}.{Kind.Group}")
            + (Subresource is null ? "" : "/" + Subresource);
}
