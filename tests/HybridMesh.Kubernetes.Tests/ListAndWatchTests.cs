using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>Paging and watching across expiries, which only a stub can bring about when a test wants them.</summary>
public sealed class ListAndWatchTests
{
    [Fact]
    public async Task List_Pages_AreFollowedAndItemsKnowTheirKind()
    {
        await using StubServer server = new(request => new(200, request.PathAndQuery.Contains("continue=next")
            ? """{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":"b"}}]}"""
            : """{"kind":"PodList","metadata":{"continue":"next"},"items":[{"metadata":{"name":"a"}}]}"""));
        await using IKubernetesApi api = await server.OpenAsync();

        List<string?> found = [];
        await foreach (System.Text.Json.Nodes.JsonObject item in
            api.ListAsync(KubernetesKind.Pod, "n", "app=a,!b", CancellationToken.None))
        {
            found.Add($"{(string?)item["apiVersion"]} {(string?)item["kind"]} {(string?)item["metadata"]!["name"]}");
        }

        Assert.Equal(["v1 Pod a", "v1 Pod b"], found);
        Assert.All(server.Requests, request => Assert.Contains("labelSelector=app%3Da%2C%21b", request.PathAndQuery));
    }

    [Fact]
    public async Task List_PageTokenExpires_GoesOnWithTheFreshOne()
    {
        await using StubServer server = new(request => request.PathAndQuery switch
        {
            { } path when path.Contains("continue=fresh") =>
                new(200, """{"metadata":{},"items":[{"metadata":{"name":"b"}}]}"""),
            { } path when path.Contains("continue=old") =>
                new(410, """{"kind":"Status","metadata":{"continue":"fresh"},"reason":"Expired","code":410}"""),
            _ => new(200, """{"metadata":{"continue":"old"},"items":[{"metadata":{"name":"a"}}]}"""),
        });
        await using IKubernetesApi api = await server.OpenAsync();

        List<string?> found = [];
        await foreach (System.Text.Json.Nodes.JsonObject item in
            api.ListAsync(KubernetesKind.Pod, "n", null, CancellationToken.None))
        {
            found.Add((string?)item["metadata"]!["name"]);
        }

        Assert.Equal(["a", "b"], found);
    }

    [Fact]
    public async Task Watch_StreamEnds_GoesOnFromTheLastVersion()
    {
        await using StubServer server = new(request => request.PathAndQuery switch
        {
            { } path when path.Contains("resourceVersion=5") => new(200, Event("ADDED", "a", 6)),
            { } path when path.Contains("resourceVersion=6") => new(200, Event("MODIFIED", "a", 7)),
            _ => new(200, Event("DELETED", "a", 8)),
        });
        await using IKubernetesApi api = await server.OpenAsync();

        Assert.Equal(["ADDED a", "MODIFIED a", "DELETED a"], await WatchAsync(api, "5", 3));
    }

    [Fact]
    public async Task Watch_VersionForgotten_TellsEverythingAgain()
    {
        int lists = 0;
        await using StubServer server = new(request =>
        {
            if (!request.PathAndQuery.Contains("watch=true"))
            {
                return new(200, ++lists == 1
                    ? """{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}"""
                    : """{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"b"}},{"metadata":{"name":"c"}}]}""");
            }

            return new(200, request.PathAndQuery.Contains("resourceVersion=9")
                ? Event("MODIFIED", "c", 10)
                : """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""" + "\n");
        });
        await using IKubernetesApi api = await server.OpenAsync();

        Assert.Equal(
            ["ADDED a", "ADDED b", "MODIFIED b", "ADDED c", "DELETED a", "MODIFIED c"], await WatchAsync(api, null, 6));
    }

    private static string Event(string type, string name, int version) =>
        $$"""{"type":"{{type}}","object":{"metadata":{"name":"{{name}}","resourceVersion":"{{version}}"} } }""" + "\n";

    private static async Task<List<string>> WatchAsync(IKubernetesApi api, string? version, int count)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        List<string> seen = [];
        await foreach (KubernetesEvent change in api.WatchAsync(KubernetesKind.Pod, "n", null, version, limit.Token))
        {
            seen.Add($"{change.Type} {(string?)change.Item["metadata"]!["name"]}");
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }
}
