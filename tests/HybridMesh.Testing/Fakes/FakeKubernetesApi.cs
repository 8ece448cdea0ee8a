using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>A call a <see cref="FakeKubernetesApi"/> got.</summary>
/// <param name="Verb">version, find, list, apply, create, replace, patch, delete, watch, exec.</param>
/// <param name="Kind">The kind's name, such as Service.</param>
/// <param name="Namespace">The namespace, if any.</param>
/// <param name="Name">The object's name, if any.</param>
/// <param name="DryRun">Whether nothing was to be stored.</param>
public sealed record FakeCall(string Verb, string Kind, string? Namespace, string? Name, bool DryRun)
{
    /// <summary>Whether the call would change something.</summary>
    public bool Writes => !DryRun && Verb is "apply" or "create" or "replace" or "patch" or "delete";
}

/// <summary>A command a fake pod was asked to run.</summary>
/// <param name="Pod">The pod's name.</param>
/// <param name="Container">The container, if one was named.</param>
/// <param name="Command">The command and its arguments.</param>
/// <param name="StandardInput">What it was given to read.</param>
public sealed record FakeExec(string Pod, string? Container, IReadOnlyList<string> Command, string? StandardInput);

/// <summary>
/// An API server in memory, good enough for cmdlets: resourceVersions, conflicts, owners of fields, label selectors.
/// What real servers do to objects beyond that is tested against the lab.
/// </summary>
public sealed class FakeKubernetesApi : IKubernetesApi
{
    private readonly FakeObjectStore _store = new();
    private readonly List<Channel<KubernetesEvent>> _watchers = [];

    /// <summary>The kinds discovery lists. The default is all that <see cref="KubernetesKind"/> names.</summary>
    public List<KubernetesKind> Kinds { get; } =
    [
        KubernetesKind.Namespace, KubernetesKind.Pod, KubernetesKind.Service, KubernetesKind.Deployment,
        KubernetesKind.WorkloadEntry, KubernetesKind.ServiceEntry, KubernetesKind.VirtualService,
        KubernetesKind.DestinationRule, KubernetesKind.Gateway, KubernetesKind.WorkloadGroup, KubernetesKind.ConfigMap,
        KubernetesKind.ServiceAccount,
    ];

    /// <summary>Asked before every call; an exception becomes the call's outcome, a task can delay it.</summary>
    public Func<FakeCall, CancellationToken, Task> OnCall { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Answers exec. By default commands succeed and print nothing.</summary>
    public Func<FakeExec, CancellationToken, Task<CommandResult>> OnExec { get; set; } =
        (_, _) => Task.FromResult(new CommandResult(0, "", ""));

    /// <summary>The calls, in order.</summary>
    public ConcurrentQueue<FakeCall> Calls { get; } = [];

    /// <summary>The calls that changed something.</summary>
    public IReadOnlyList<FakeCall> Writes => [.. Calls.Where(call => call.Writes)];

    /// <inheritdoc/>
    public Uri Server { get; init; } = new("https://fake.invalid");

    /// <inheritdoc/>
    public string Context { get; init; } = "fake";

    /// <inheritdoc/>
    public string DefaultNamespace { get; init; } = "default";

    /// <summary>Whether the client has been closed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Puts an object there as somebody else (kubectl) would have.</summary>
    public JsonObject Seed(KubernetesKind kind, string json, string fieldManager = "kubectl")
    {
        JsonObject manifest = (JsonObject)JsonNode.Parse(json)!;
        return Publish(_store.Create(kind, manifest, fieldManager, dryRun: false));
    }

    /// <summary>Replaces an object as somebody else would, whatever is stored; no call is recorded.</summary>
    public JsonObject OverwriteAs(string fieldManager, KubernetesKind kind, JsonObject manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        manifest["metadata"]!.AsObject().Remove("resourceVersion");
        return Publish(_store.Replace(kind, manifest, fieldManager, dryRun: false));
    }

    /// <summary>An object as stored; null when there is none.</summary>
    public JsonObject? Peek(KubernetesKind kind, string? ns, string name) => _store.Find(kind, ns, name);

    /// <inheritdoc/>
    public async Task<string> GetVersionAsync(CancellationToken cancellationToken)
    {
        await AskAsync("version", new KubernetesKind("", "", "", "", false), null, null, dryRun: false, cancellationToken);
        return "v1.36.0";
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<KubernetesKind>> DiscoverAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KubernetesKind>>(Kinds);

    /// <inheritdoc/>
    public async Task<JsonObject?> FindAsync(
        KubernetesKind kind, string? ns, string name, CancellationToken cancellationToken)
    {
        await AskAsync("find", kind, ns, name, dryRun: false, cancellationToken);
        return _store.Find(kind, ns, name);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        KubernetesKind kind, string? ns, string? labelSelector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await AskAsync("list", kind, ns, null, dryRun: false, cancellationToken);
        foreach (JsonObject item in _store.List(kind, ns, labelSelector))
        {
            yield return item;
        }
    }

    /// <inheritdoc/>
    public async Task<JsonObject> ApplyAsync(
        KubernetesKind kind, JsonObject manifest, ApplyOptions options, CancellationToken cancellationToken)
    {
        await AskAsync("apply", kind, manifest, options.DryRun, cancellationToken);
        return Publish(_store.Apply(kind, manifest, options), options.DryRun);
    }

    /// <inheritdoc/>
    public async Task<JsonObject> CreateAsync(
        KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun, CancellationToken cancellationToken)
    {
        await AskAsync("create", kind, manifest, dryRun, cancellationToken);
        return Publish(_store.Create(kind, manifest, fieldManager, dryRun), dryRun);
    }

    /// <inheritdoc/>
    public async Task<JsonObject> ReplaceAsync(
        KubernetesKind kind, JsonObject manifest, string fieldManager, bool dryRun, CancellationToken cancellationToken)
    {
        await AskAsync("replace", kind, manifest, dryRun, cancellationToken);
        return Publish(_store.Replace(kind, manifest, fieldManager, dryRun), dryRun);
    }

    /// <inheritdoc/>
    public async Task<JsonObject> MergePatchAsync(
        KubernetesKind kind, string? ns, string name, JsonObject patch, string fieldManager, bool dryRun,
        CancellationToken cancellationToken)
    {
        await AskAsync("patch", kind, ns, name, dryRun, cancellationToken);
        return Publish(_store.Patch(kind, ns, name, patch, fieldManager, dryRun), dryRun);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(
        KubernetesKind kind, string? ns, string name, string? uid, bool dryRun, CancellationToken cancellationToken)
    {
        await AskAsync("delete", kind, ns, name, dryRun, cancellationToken);
        return _store.Delete(kind, ns, name, uid, dryRun) is not null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<KubernetesEvent> WatchAsync(
        KubernetesKind kind, string? ns, string? labelSelector, string? resourceVersion,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await AskAsync("watch", kind, ns, null, dryRun: false, cancellationToken);
        Channel<KubernetesEvent> channel = Channel.CreateUnbounded<KubernetesEvent>();
        lock (_watchers)
        {
            _watchers.Add(channel);
            foreach (JsonObject item in resourceVersion is null ? _store.List(kind, ns, labelSelector) : [])
            {
                channel.Writer.TryWrite(new KubernetesEvent("ADDED", item));
            }
        }

        await foreach (KubernetesEvent change in channel.Reader.ReadAllAsync(cancellationToken))
        {
            if (change.Item["kind"]?.GetValue<string>() == kind.Kind
                && FakeObjectStore.Matches(change.Item, ns, labelSelector))
            {
                yield return change;
            }
        }
    }

    /// <summary>Issues tokens. By default an empty one that ends when asked to.</summary>
    public Func<string, string, string, TimeSpan, ServiceAccountToken> OnCreateToken { get; set; } =
        (_, _, _, duration) => new("", DateTimeOffset.UnixEpoch + duration);

    /// <inheritdoc/>
    public async Task<ServiceAccountToken> CreateTokenAsync(
        string ns, string serviceAccount, string audience, TimeSpan duration, CancellationToken cancellationToken)
    {
        FakeCall call = new("create", "TokenRequest", ns, serviceAccount, DryRun: false);
        Calls.Enqueue(call);
        await OnCall(call, cancellationToken);
        return OnCreateToken(ns, serviceAccount, audience, duration);
    }

    /// <inheritdoc/>
    public async Task<CommandResult> ExecAsync(
        string ns, string pod, string? container, IReadOnlyList<string> command, string? standardInput,
        CancellationToken cancellationToken)
    {
        await AskAsync("exec", KubernetesKind.Pod, ns, pod, dryRun: false, cancellationToken);
        return await OnExec(new FakeExec(pod, container, command, standardInput), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private Task AskAsync(
        string verb, KubernetesKind kind, JsonObject manifest, bool dryRun, CancellationToken cancellationToken) =>
        AskAsync(
            verb, kind, manifest["metadata"]?["namespace"]?.GetValue<string>(),
            manifest["metadata"]?["name"]?.GetValue<string>(), dryRun, cancellationToken);

    private Task AskAsync(
        string verb, KubernetesKind kind, string? ns, string? name, bool dryRun, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FakeCall call = new(verb, kind.Kind, ns, name, dryRun);
        Calls.Enqueue(call);
        return OnCall(call, cancellationToken);
    }

    private JsonObject Publish(JsonObject item, bool dryRun = false)
    {
        if (!dryRun)
        {
            lock (_watchers)
            {
                _watchers.ForEach(watcher => watcher.Writer.TryWrite(new KubernetesEvent("MODIFIED", item)));
            }
        }

        return item;
    }
}
