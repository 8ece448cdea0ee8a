using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// One Kubernetes API server. Objects are JSON trees, so that fields this library does not know survive.
/// Every method throws <see cref="MeshException"/> with a code by meaning (Forbidden, Conflict, ApiUnreachable, ...);
/// transient answers (429 with Retry-After, 5xx, dropped connections of idempotent calls) are retried inside.
/// </summary>
public interface IKubernetesApi : IAsyncDisposable
{
    /// <summary>The server's URL, for messages.</summary>
    Uri Server { get; }

    /// <summary>The kubeconfig context in use.</summary>
    string Context { get; }

    /// <summary>The context's namespace, <c>default</c> when it names none.</summary>
    string DefaultNamespace { get; }

    /// <summary>The server's version, such as <c>v1.36.0</c>.</summary>
    Task<string> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Every kind the server serves, once per version it is served in, a group's preferred version first; asked once
    /// and kept. <see cref="KubernetesKinds"/> picks from it.
    /// </summary>
    Task<IReadOnlyList<KubernetesKind>> DiscoverAsync(CancellationToken cancellationToken);

    /// <summary>Reads one object; null when it (or its namespace) does not exist.</summary>
    Task<JsonObject?> FindAsync(KubernetesKind kind, string? ns, string name, CancellationToken cancellationToken);

    /// <summary>Lists objects, page by page. A null namespace means all of them.</summary>
    IAsyncEnumerable<JsonObject> ListAsync(
        KubernetesKind kind, string? ns, string? labelSelector, CancellationToken cancellationToken);

    /// <summary>Server-side apply. Name and namespace are read from the manifest's metadata.</summary>
    Task<JsonObject> ApplyAsync(
        KubernetesKind kind, JsonObject manifest, ApplyOptions options, CancellationToken cancellationToken);

    /// <summary>Creates an object; ObjectExists when there is one.</summary>
    Task<JsonObject> CreateAsync(
        KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun,
        CancellationToken cancellationToken);

    /// <summary>Replaces an object; Conflict when its metadata.resourceVersion is no longer the stored one.</summary>
    Task<JsonObject> ReplaceAsync(
        KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun,
        CancellationToken cancellationToken);

    /// <summary>A JSON merge patch (RFC 7386). A metadata.resourceVersion inside makes it conditional.</summary>
    Task<JsonObject> MergePatchAsync(
        KubernetesKind kind, string? ns, string name, JsonObject patch, string fieldManager, bool dryRun,
        CancellationToken cancellationToken);

    /// <summary>Deletes an object, when given only if its uid is still this one; false when there is none.</summary>
    Task<bool> DeleteAsync(
        KubernetesKind kind, string? ns, string name, string? uid, bool dryRun, CancellationToken cancellationToken);

    /// <summary>
    /// Issues a token for a service account (TokenRequest); ObjectNotFound when there is no such account.
    /// </summary>
    Task<ServiceAccountToken> CreateTokenAsync(
        string ns, string serviceAccount, string audience, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>
    /// Streams changes until cancelled; reconnects by itself from the last resourceVersion. Without a resourceVersion
    /// it begins with one ADDED per object there is, so that nothing falls between a list and its watch. When the
    /// server has forgotten the resourceVersion (410), everything is listed again: what is there comes as MODIFIED
    /// (ADDED when new to this watch), what had been seen and is gone comes as DELETED. A consumer must therefore look
    /// at the state each event carries and not count events.
    /// </summary>
    IAsyncEnumerable<KubernetesEvent> WatchAsync(
        KubernetesKind kind, string? ns, string? labelSelector, string? resourceVersion,
        CancellationToken cancellationToken);

    /// <summary>Runs a command in a pod's container and waits for its end.</summary>
    Task<CommandResult> ExecAsync(
        string ns, string pod, string? container, IReadOnlyList<string> command, string? standardInput,
        CancellationToken cancellationToken);
}

/// <summary>How a server-side apply is made.</summary>
/// <param name="FieldManager">The owner of the fields in the manifest.</param>
/// <param name="Force">Whether fields of other managers are taken over instead of being a Conflict.</param>
/// <param name="DryRun">Whether the server only answers what it would store.</param>
public sealed record ApplyOptions(string FieldManager, bool Force = false, bool DryRun = false);

/// <summary>A change seen by a watch.</summary>
/// <param name="Type">ADDED, MODIFIED or DELETED.</param>
/// <param name="Item">The object after the change; before it when deleted.</param>
public sealed record KubernetesEvent(string Type, JsonObject Item);

/// <summary>How a command in a pod or on a VM ended.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="ErrorOutput">Its standard error.</param>
public sealed record CommandResult(int ExitCode, string Output, string ErrorOutput);

/// <summary>Makes API clients from kubeconfig files.</summary>
public interface IKubernetesApiFactory
{
    /// <summary>
    /// Opens an API server. A null path means $KUBECONFIG, else ~/.kube/config; a null context the current one.
    /// </summary>
    Task<IKubernetesApi> OpenAsync(string? kubeconfigPath, string? context, CancellationToken cancellationToken);

    /// <summary>Opens an API server from a kubeconfig's text, as ASM hands it out.</summary>
    Task<IKubernetesApi> OpenTextAsync(string kubeconfig, string? context, CancellationToken cancellationToken);
}
