using System.Net;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes;

/// <summary>
/// Finds the kinds a server serves: by aggregated discovery in two requests, where the server has it (Kubernetes 1.27),
/// else group by group.
/// </summary>
internal sealed class ApiDiscovery(ApiTransport transport) : IDisposable
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private const int Parallelism = 8;

    private readonly SemaphoreSlim _once = new(1);
    private IReadOnlyList<KubernetesKind>? _kinds;

    public async Task<IReadOnlyList<KubernetesKind>> DiscoverAsync(CancellationToken cancellationToken)
    {
        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _kinds ??= await FindAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    private async Task<IReadOnlyList<KubernetesKind>> FindAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<KubernetesKind>> core = FindBelowAsync("api", cancellationToken);
        Task<IReadOnlyList<KubernetesKind>> groups = FindBelowAsync("apis", cancellationToken);
        return [.. await core.ConfigureAwait(false), .. await groups.ConfigureAwait(false)];
    }

    private async Task<IReadOnlyList<KubernetesKind>> FindBelowAsync(string root, CancellationToken cancellationToken)
    {
        ApiAnswer answer = await transport.SendAsync(
            new ApiCall
            {
                Method = HttpMethod.Get,
                Path = root,
                Verb = "get",
                Accept = $"{Aggregated},application/json;q=0.9",
            },
            cancellationToken).ConfigureAwait(false);
        JsonObject body = JsonNode.Parse(answer.Body)!.AsObject();
        return body["items"] is JsonArray items
            ? [.. items.OfType<JsonObject>().SelectMany(FromAggregated)]
            : await FindEachAsync(root, body, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<KubernetesKind> FromAggregated(JsonObject group)
    {
        string name = (string?)group["metadata"]?["name"] ?? "";
        foreach (JsonObject version in (group["versions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (JsonObject resource in (version["resources"] as JsonArray ?? []).OfType<JsonObject>())
            {
                // A resource without verbs only carries subresources.
                if (resource["responseKind"]?["kind"] is JsonValue kind
                    && resource["verbs"] is JsonArray { Count: > 0 })
                {
                    yield return new KubernetesKind(
                        name, (string)version["version"]!, (string)kind!, (string)resource["resource"]!,
                        (string?)resource["scope"] == "Namespaced");
                }
            }
        }
    }

    private async Task<IReadOnlyList<KubernetesKind>> FindEachAsync(
        string root, JsonObject body, CancellationToken cancellationToken)
    {
        List<(string Group, string Version)> versions = root == "api"
            ? [.. Strings(body["versions"]).Select(version => ("", version))]
            : [.. (body["groups"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(Versions)];
        IReadOnlyList<KubernetesKind>[] found = new IReadOnlyList<KubernetesKind>[versions.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, versions.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (index, token) => found[index] =
                await FindKindsAsync(versions[index].Group, versions[index].Version, token).ConfigureAwait(false))
            .ConfigureAwait(false);
        return [.. found.SelectMany(kinds => kinds)];
    }

    private static IEnumerable<(string Group, string Version)> Versions(JsonObject group)
    {
        string name = (string)group["name"]!;
        string? preferred = (string?)group["preferredVersion"]?["version"];
        return (group["versions"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(version => (string)version["version"]!)
            .OrderByDescending(version => version == preferred)
            .Select(version => (name, version));
    }

    private async Task<IReadOnlyList<KubernetesKind>> FindKindsAsync(
        string group, string version, CancellationToken cancellationToken)
    {
        ApiCall call = new() { Method = HttpMethod.Get, Path = ResourcePath.Group(group, version), Verb = "get" };
        ApiAnswer answer = await transport.TrySendAsync(call, cancellationToken).ConfigureAwait(false);
        if (answer.Code is HttpStatusCode.NotFound or >= HttpStatusCode.InternalServerError)
        {
            // An aggregated API whose server is down, or a CRD removed meanwhile, must not hide all other kinds.
            return [];
        }

        if (!answer.IsSuccess)
        {
            throw transport.Errors.From(answer.Code, answer.Body, call);
        }

        return [.. (JsonNode.Parse(answer.Body)?["resources"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(resource => !((string)resource["name"]!).Contains('/'))
            .Select(resource => new KubernetesKind(
                group, version, (string)resource["kind"]!, (string)resource["name"]!, (bool)resource["namespaced"]!))];
    }

    private static IEnumerable<string> Strings(JsonNode? list) =>
        (list as JsonArray ?? []).OfType<JsonValue>().Select(value => (string)value!);
}
