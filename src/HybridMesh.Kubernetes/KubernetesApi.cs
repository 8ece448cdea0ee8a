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
        ApiCall call = ApiCalls.Get(kind, ns, name);
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
            ApiCall call = ApiCalls.List(kind, ns, labelSelector, PageSize, next);
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
        KubernetesKind kind, JsonObject manifest, ApplyOptions options, CancellationToken cancellationToken) =>
        SendObjectAsync(ApiCalls.Apply(kind, manifest, options), cancellationToken);

    /// <inheritdoc/>
    public Task<JsonObject> CreateAsync(
        KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun,
        CancellationToken cancellationToken) =>
        SendObjectAsync(ApiCalls.Create(kind, manifest, fieldManager, dryRun), cancellationToken);

    /// <inheritdoc/>
    public Task<JsonObject> ReplaceAsync(
        KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun,
        CancellationToken cancellationToken) =>
        SendObjectAsync(ApiCalls.Replace(kind, manifest, fieldManager, dryRun), cancellationToken);

    /// <inheritdoc/>
    public Task<JsonObject> MergePatchAsync(
        KubernetesKind kind, string? ns, string name, JsonObject patch, string fieldManager, bool dryRun,
        CancellationToken cancellationToken) =>
        SendObjectAsync(ApiCalls.MergePatch(kind, ns, name, patch, fieldManager, dryRun), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(
        KubernetesKind kind, string? ns, string name, string? uid, bool dryRun, CancellationToken cancellationToken)
    {
        ApiCall call = ApiCalls.Delete(kind, ns, name, uid, dryRun);
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
        ApiAnswer answer = await _transport.SendAsync(
            ApiCalls.CreateToken(ns, serviceAccount, audience, duration), cancellationToken).ConfigureAwait(false);
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
