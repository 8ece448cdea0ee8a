using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes;

/// <summary>How each operation on objects is asked for.</summary>
internal static class ApiCalls
{
    /// <summary>Gets one object.</summary>
    public static ApiCall Get(KubernetesKind kind, string? ns, string name) =>
        Item(HttpMethod.Get, "get", kind, ns, name, "");

    /// <summary>Lists a kind's objects.</summary>
    public static ApiCall List(
        KubernetesKind kind, string? ns, string? labelSelector, string? limit, string? next) => new()
        {
            Method = HttpMethod.Get,
            Path = ResourcePath.Collection(kind, ns)
                + ResourcePath.Query(("labelSelector", labelSelector), ("limit", limit), ("continue", next)),
            Verb = "list",
            Kind = kind,
            Namespace = ns,
        };

    /// <summary>Applies an object by server-side apply.</summary>
    public static ApiCall Apply(KubernetesKind kind, JsonObject manifest, ApplyOptions options)
    {
        (string? ns, string name) = Identity(manifest);
        string query = ResourcePath.Query(
            ("fieldManager", options.FieldManager), ("force", options.Force ? "true" : "false"),
            DryRun(options.DryRun));
        // Managed fields are the server's; sending them back is an error.
        JsonObject body = manifest.DeepClone().AsObject();
        body["metadata"]!.AsObject().Remove("managedFields");
        return Item(HttpMethod.Patch, "patch", kind, ns, name, query) with
        {
            // JSON is YAML.
            ContentType = "application/apply-patch+yaml",
            Body = body.ToJsonString(),
        };
    }

    /// <summary>Creates an object.</summary>
    public static ApiCall Create(KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun)
    {
        (string? ns, string name) = Identity(manifest);
        return new ApiCall
        {
            Method = HttpMethod.Post,
            Path = ResourcePath.Collection(kind, ns)
                + ResourcePath.Query(("fieldManager", fieldManager), DryRun(dryRun)),
            Verb = "create",
            Kind = kind,
            Namespace = ns,
            Name = name,
            Body = manifest.ToJsonString(),
            Idempotent = false,
        };
    }

    /// <summary>Replaces an object.</summary>
    public static ApiCall Replace(KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun)
    {
        (string? ns, string name) = Identity(manifest);
        string query = ResourcePath.Query(("fieldManager", fieldManager), DryRun(dryRun));
        return Item(HttpMethod.Put, "update", kind, ns, name, query) with { Body = manifest.ToJsonString() };
    }

    /// <summary>Patches an object by JSON merge patch.</summary>
    public static ApiCall MergePatch(
        KubernetesKind kind, string? ns, string name, JsonObject patch, string fieldManager, bool dryRun)
    {
        string query = ResourcePath.Query(("fieldManager", fieldManager), DryRun(dryRun));
        return Item(HttpMethod.Patch, "patch", kind, ns, name, query) with
        {
            ContentType = "application/merge-patch+json",
            Body = patch.ToJsonString(),
        };
    }

    /// <summary>Deletes an object; only the one of that uid, if one is given.</summary>
    public static ApiCall Delete(KubernetesKind kind, string? ns, string name, string? uid, bool dryRun)
    {
        JsonObject options = new() { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (uid is not null)
        {
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        }

        // Background is kubectl's choice too: a Deployment's pods go with it.
        string query = ResourcePath.Query(("propagationPolicy", "Background"), DryRun(dryRun));
        return Item(HttpMethod.Delete, "delete", kind, ns, name, query) with { Body = options.ToJsonString() };
    }

    /// <summary>Asks for a service account's token.</summary>
    public static ApiCall CreateToken(string ns, string serviceAccount, string audience, TimeSpan duration)
    {
        JsonObject request = new()
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject
            {
                ["audiences"] = new JsonArray(audience),
                ["expirationSeconds"] = (long)duration.TotalSeconds,
            },
        };
        return new ApiCall
        {
            Method = HttpMethod.Post,
            Path = ResourcePath.Item(KubernetesKind.ServiceAccount, ns, serviceAccount) + "/token",
            Verb = "create",
            Kind = KubernetesKind.ServiceAccount,
            Namespace = ns,
            Name = serviceAccount,
            Subresource = "token",
            Body = request.ToJsonString(),
        };
    }

    private static ApiCall Item(
        HttpMethod method, string verb, KubernetesKind kind, string? ns, string name, string query) => new()
        {
            Method = method,
            Path = ResourcePath.Item(kind, ns, name) + query,
            Verb = verb,
            Kind = kind,
            Namespace = kind.Namespaced ? ns : null,
            Name = name,
        };

    private static (string, string?) DryRun(bool dryRun) => ("dryRun", dryRun ? "All" : null);

    private static (string? Namespace, string Name) Identity(JsonObject manifest) =>
        ((string?)manifest["metadata"]?["namespace"],
            (string?)manifest["metadata"]?["name"]
                ?? throw new MeshException(MeshErrorCode.ManifestInvalid, "An object without metadata.name can't be "
                    + "written."));
}
