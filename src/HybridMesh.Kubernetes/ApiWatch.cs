using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes;

/// <summary>
/// One watch that outlives connections and forgotten resourceVersions; IKubernetesApi says what it tells.
/// </summary>
internal sealed class ApiWatch(ApiTransport transport, KubernetesKind kind, string? ns, string? labelSelector)
{
    // The server ends each stream after this time; a stream that is silent for longer has lost its connection.
    private const int StreamSeconds = 240;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(StreamSeconds + 30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, JsonObject> _seen = [];
    private string? _version;

    public async IAsyncEnumerable<KubernetesEvent> RunAsync(
        string? resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _version = resourceVersion;
        while (true)
        {
            if (_version is null)
            {
                foreach (KubernetesEvent change in await RelistAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield return change;
                }
            }

            await foreach (KubernetesEvent change in StreamAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return change;
            }

            await Task.Delay(Pause, transport.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    // A list without limit is one consistent snapshot, whose resourceVersion the watch goes on from.
    private async Task<IReadOnlyList<KubernetesEvent>> RelistAsync(CancellationToken cancellationToken)
    {
        ApiAnswer answer = await transport.SendAsync(
            ApiCalls.List(kind, ns, labelSelector, limit: null, next: null), cancellationToken)
            .ConfigureAwait(false);
        JsonObject page = JsonNode.Parse(answer.Body)!.AsObject();
        _version = (string?)page["metadata"]?["resourceVersion"];
        List<KubernetesEvent> changes = [];
        HashSet<string> present = [];
        foreach (JsonObject item in KubernetesApi.TakeItems(page, kind))
        {
            present.Add(Key(item));
            changes.Add(new(_seen.ContainsKey(Key(item)) ? "MODIFIED" : "ADDED", item));
        }

        changes.AddRange(_seen.Where(pair => !present.Contains(pair.Key))
            .Select(pair => new KubernetesEvent("DELETED", pair.Value)));
        foreach (KubernetesEvent change in changes)
        {
            Remember(change);
        }

        return changes;
    }

    private async IAsyncEnumerable<KubernetesEvent> StreamAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ApiCall call = new()
        {
            Method = HttpMethod.Get,
            Path = ResourcePath.Collection(kind, ns) + ResourcePath.Query(
                ("labelSelector", labelSelector), ("watch", "true"), ("allowWatchBookmarks", "true"),
                ("resourceVersion", _version),
                ("timeoutSeconds", StreamSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            Verb = "watch",
            Kind = kind,
            Namespace = ns,
        };
        HttpResponseMessage? response = await OpenAsync(call, cancellationToken).ConfigureAwait(false);
        if (response is null)
        {
            yield break;
        }

        using (response)
        {
            using StreamReader reader =
                new(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            while (await ReadLineAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
            {
                (KubernetesEvent? change, bool end) = Understand(line, call);
                if (change is not null)
                {
                    yield return change;
                }

                if (end)
                {
                    yield break;
                }
            }
        }
    }

    private async Task<HttpResponseMessage?> OpenAsync(ApiCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.OpenAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiGoneException)
        {
            _version = null;
            return null;
        }
    }

    private async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(Silence, transport.Clock);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await reader.ReadLineAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (
            e is IOException or HttpRequestException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private (KubernetesEvent? Change, bool End) Understand(string line, ApiCall call)
    {
        JsonObject? told;
        try
        {
            told = JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return (null, true); // the connection broke within a line
        }

        string? type = (string?)told?["type"];
        if (told?["object"] is not JsonObject item)
        {
            return (null, false);
        }

        if (type == "ERROR")
        {
            int code = (int?)item["code"] ?? 500;
            if (code == (int)HttpStatusCode.Gone)
            {
                _version = null;
                return (null, true);
            }

            throw transport.Errors.From((HttpStatusCode)code, item.ToJsonString(), call);
        }

        told.Remove("object");
        _version = (string?)item["metadata"]?["resourceVersion"] ?? _version;
        if (type is not ("ADDED" or "MODIFIED" or "DELETED"))
        {
            return (null, false); // a bookmark only moves the version
        }

        KubernetesEvent change = new(type, item);
        Remember(change);
        return (change, false);
    }

    private void Remember(KubernetesEvent change)
    {
        if (change.Type == "DELETED")
        {
            _seen.Remove(Key(change.Item));
        }
        else
        {
            // A copy: the consumer owns the one it was given.
            _seen[Key(change.Item)] = change.Item.DeepClone().AsObject();
        }
    }

    private static string Key(JsonObject item) =>
        $"{(string?)item["metadata"]?["namespace"]}/{(string?)item["metadata"]?["name"]}";
}
