using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HybridMesh.Core;
using KubernetesClient = k8s.Kubernetes;

namespace HybridMesh.Kubernetes;

/// <summary>One API server over KubernetesClient's connections. Objects stay JSON, so unknown fields survive.</summary>
internal sealed class KubernetesApi : IKubernetesApi
{
    private const string PageSize = "500";

    private readonly ApiTransport _transport;
    private readonly ApiDiscovery _discovery;
    private readonly PodExec _exec;

    public KubernetesApi(KubernetesClient client, string defaultNamespace, string context, TimeProvider clock)
    {
        Server = client.BaseUri;
        Context = context;
        DefaultNamespace = defaultNamespace;
        _transport = new ApiTransport(client, new ApiErrors(Server, context), clock);
        _discovery = new ApiDiscovery(_transport);
        _exec = new PodExec(_transport);
    }

    /// <inheritdoc/>
    public Uri Server { get; }

    /// <inheritdoc/>
    public string Context { get; }

    /// <inheritdoc/>
    public string DefaultNamespace { get; }

    /// <inheritdoc/>
    public async Task<string> GetVersionAsync(CancellationToken cancellationToken)
    {
        ApiCall call = new() { Method = HttpMethod.Get, Path = "version", Verb = "get" };
        JsonObject version = await SendObjectAsync(call, cancellationToken).ConfigureAwait(false);
        return (string?)version["gitVersion"] ?? "unknown";
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<KubernetesKind>> DiscoverAsync(CancellationToken cancellationToken) =>
        _discovery.DiscoverAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<JsonObject?> FindAsync(
        KubernetesKind kind, string? ns, string name, CancellationToken cancellationToken)
    {
        ApiCall call = ItemCall(HttpMethod.Get, "get", kind, ns, name, "");
        ApiAnswer answer = await _transport.TrySendAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.Code == HttpStatusCode.NotFound && ApiErrors.IsObject(ApiStatus.Parse(answer.Body))
            ? null
            : Read(answer, call);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        KubernetesKind kind, string? ns, string? labelSelector,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            ApiCall call = ListCall(kind, ns, labelSelector, PageSize, next);
            ApiAnswer answer = await _transport.TrySendAsync(call, cancellationToken).ConfigureAwait(false);
            if (answer.Code == HttpStatusCode.Gone && ApiStatus.Parse(answer.Body)?.Continue is { } fresh
                && fresh != next)
            {
                // The snapshot grew too old while we paged; this token goes on from the next key in a newer one.
                next = fresh;
                continue;
            }

            JsonObject page = Read(answer, call);
            foreach (JsonObject item in TakeItems(page, kind))
            {
                yield return item;
            }

            next = (string?)page["metadata"]?["continue"] is { Length: > 0 } more ? more : null;
        }
        while (next is not null);
    }

    /// <inheritdoc/>
    public Task<JsonObject> ApplyAsync(
        KubernetesKind kind, JsonObject manifest, ApplyOptions options, CancellationToken cancellationToken)
    {
        (string? ns, string name) = Identity(manifest);
        string query = ResourcePath.Query(
            ("fieldManager", options.FieldManager), ("force", options.Force ? "true" : "false"),
            DryRun(options.DryRun));
        // Managed fields are the server's; sending them back is an error.
        JsonObject body = manifest.DeepClone().AsObject();
        body["metadata"]!.AsObject().Remove("managedFields");
        return SendObjectAsync(
            ItemCall(HttpMethod.Patch, "patch", kind, ns, name, query) with
            {
                // JSON is YAML.
                ContentType = "application/apply-patch+yaml",
                Body = body.ToJsonString(),
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonObject> CreateAsync(
        KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun, CancellationToken cancellationToken)
    {
        (string? ns, string name) = Identity(manifest);
        string query = ResourcePath.Query(("fieldManager", fieldManager), DryRun(dryRun));
        return SendObjectAsync(
            new ApiCall
            {
                Method = HttpMethod.Post,
                Path = ResourcePath.Collection(kind, ns) + query,
                Verb = "create",
                Kind = kind,
                Namespace = ns,
                Name = name,
                Body = manifest.ToJsonString(),
                Idempotent = false,
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonObject> ReplaceAsync(
        KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun, CancellationToken cancellationToken)
    {
        (string? ns, string name) = Identity(manifest);
        string query = ResourcePath.Query(("fieldManager", fieldManager), DryRun(dryRun));
        return SendObjectAsync(
            ItemCall(HttpMethod.Put, "update", kind, ns, name, query) with { Body = manifest.ToJsonString() },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonObject> MergePatchAsync(
        KubernetesKind kind, string? ns, string name, JsonObject patch, string fieldManager, bool dryRun,
        CancellationToken cancellationToken)
    {
        string query = ResourcePath.Query(("fieldManager", fieldManager), DryRun(dryRun));
        return SendObjectAsync(
            ItemCall(HttpMethod.Patch, "patch", kind, ns, name, query) with
            {
                ContentType = "application/merge-patch+json",
                Body = patch.ToJsonString(),
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(
        KubernetesKind kind, string? ns, string name, string? uid, bool dryRun, CancellationToken cancellationToken)
    {
        JsonObject options = new() { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (uid is not null)
        {
            options["preconditions"] = new JsonObject { ["uid"] = uid };
        }

        // Background is kubectl's choice too: a Deployment's pods go with it.
        ApiCall call = ItemCall(
            HttpMethod.Delete, "delete", kind, ns, name,
            ResourcePath.Query(("propagationPolicy", "Background"), DryRun(dryRun))) with
        {
            Body = options.ToJsonString(),
        };
        ApiAnswer answer = await _transport.TrySendAsync(call, cancellationToken).ConfigureAwait(false);
        if (answer.Code == HttpStatusCode.NotFound && ApiErrors.IsObject(ApiStatus.Parse(answer.Body)))
        {
            // When an earlier attempt's answer was lost, that attempt has deleted it.
            return answer.Attempts > 1;
        }

        Read(answer, call);
        return true;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<KubernetesEvent> WatchAsync(
        KubernetesKind kind, string? ns, string? labelSelector, string? resourceVersion,
        CancellationToken cancellationToken) =>
        new ApiWatch(_transport, kind, ns, labelSelector).RunAsync(resourceVersion, cancellationToken);

    /// <inheritdoc/>
    public async Task<ServiceAccountToken> CreateTokenAsync(
        string ns, string serviceAccount, string audience, TimeSpan duration, CancellationToken cancellationToken)
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
        ApiAnswer answer = await _transport.SendAsync(
            new ApiCall
            {
                Method = HttpMethod.Post,
                Path = ResourcePath.Item(KubernetesKind.ServiceAccount, ns, serviceAccount) + "/token",
                Verb = "create",
                Kind = KubernetesKind.ServiceAccount,
                Namespace = ns,
                Name = serviceAccount,
                Subresource = "token",
                Body = request.ToJsonString(),
            },
            cancellationToken).ConfigureAwait(false);
        JsonNode? status = JsonNode.Parse(answer.Body)?["status"];
        return status?["token"] is JsonValue token && status["expirationTimestamp"] is JsonValue expires
            ? new((string)token!, DateTimeOffset.Parse((string)expires!, CultureInfo.InvariantCulture))
            : throw new MeshException(
                MeshErrorCode.ApiUnavailable,
                $"{Server} answered the TokenRequest for service account {ns}/{serviceAccount} without a token.",
                serviceAccount);
    }

    /// <inheritdoc/>
    public Task<CommandResult> ExecAsync(
        string ns, string pod, string? container, IReadOnlyList<string> command, string? standardInput,
        CancellationToken cancellationToken) =>
        _exec.RunAsync(new ExecTarget(ns, pod, container), command, standardInput, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _transport.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The call that lists a kind's objects.</summary>
    internal static ApiCall ListCall(
        KubernetesKind kind, string? ns, string? labelSelector, string? limit, string? next) => new()
        {
            Method = HttpMethod.Get,
            Path = ResourcePath.Collection(kind, ns)
                + ResourcePath.Query(("labelSelector", labelSelector), ("limit", limit), ("continue", next)),
            Verb = "list",
            Kind = kind,
            Namespace = ns,
        };

    /// <summary>A page's items, each with the kind that lists leave out.</summary>
    internal static IEnumerable<JsonObject> TakeItems(JsonObject page, KubernetesKind kind)
    {
        JsonArray items = page["items"] as JsonArray ?? [];
        page.Remove("items");
        foreach (JsonObject item in items.OfType<JsonObject>().ToList())
        {
            items.Remove(item);
            item["apiVersion"] ??= kind.ApiVersion;
            item["kind"] ??= kind.Kind;
            yield return item;
        }
    }

    private static ApiCall ItemCall(
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

    private async Task<JsonObject> SendObjectAsync(ApiCall call, CancellationToken cancellationToken) =>
        Read(await _transport.TrySendAsync(call, cancellationToken).ConfigureAwait(false), call);

    private JsonObject Read(ApiAnswer answer, ApiCall call)
    {
        if (!answer.IsSuccess)
        {
            throw _transport.Errors.From(answer.Code, answer.Body, call);
        }

        try
        {
            return JsonNode.Parse(answer.Body)!.AsObject();
        }
        catch (Exception e)
            when (e is System.Text.Json.JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new MeshException(
                MeshErrorCode.ApiUnreachable,
                $"{_transport.Errors.Place} did not answer as a Kubernetes API server; is a proxy or login page in "
                    + "between?",
                null,
                e);
        }
    }
}
