using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

[Collection(ClusterTests.Name)]
public sealed class WatchTests(ClusterFixture cluster)
{
    private readonly CancellationToken _limit = ClusterFixture.Limit();

    [Fact]
    public async Task Watch_WithoutVersion_TellsWhatIsThereThenWhatChanges()
    {
        string name = cluster.NewName(MeshPlane.Control, cluster.WorkloadEntry);
        await ApplyAsync(name, "127.0.0.1");
        List<string> seen = [];

        await foreach (KubernetesEvent change in cluster.Control.WatchAsync(
            cluster.WorkloadEntry, cluster.Namespace, $"hm-test={name}", null, _limit))
        {
            seen.Add($"{change.Type} {(string?)change.Item["spec"]!["address"]}");
            if (change.Type == "ADDED")
            {
                await ApplyAsync(name, "127.0.0.2");
            }
            else if (change.Type == "MODIFIED")
            {
                await cluster.Control.DeleteAsync(
                    cluster.WorkloadEntry, cluster.Namespace, name, null, dryRun: false, _limit);
            }
            else
            {
                break;
            }
        }

        Assert.Equal(["ADDED 127.0.0.1", "MODIFIED 127.0.0.2", "DELETED 127.0.0.2"], seen);
    }

    [Fact]
    public async Task Watch_FromVersion_TellsOnlyWhatCameLater()
    {
        string name = cluster.NewName(MeshPlane.Control, cluster.WorkloadEntry);
        JsonObject first = await ApplyAsync(name, "127.0.0.1");
        await ApplyAsync(name, "127.0.0.3");

        await foreach (KubernetesEvent change in cluster.Control.WatchAsync(
            cluster.WorkloadEntry, cluster.Namespace, $"hm-test={name}",
            (string?)first["metadata"]!["resourceVersion"], _limit))
        {
            Assert.Equal(("MODIFIED", "127.0.0.3"), (change.Type, (string?)change.Item["spec"]!["address"]));
            break;
        }
    }

    [Fact]
    public async Task Watch_Cancelled_EndsWithinASecond()
    {
        using CancellationTokenSource stop = new();
        await using IAsyncEnumerator<KubernetesEvent> watch = cluster.Control.WatchAsync(
            cluster.WorkloadEntry, cluster.Namespace, "hm-test=nothing-has-this", null, stop.Token).GetAsyncEnumerator();
        Task<bool> next = watch.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(1)));
    }

    private Task<JsonObject> ApplyAsync(string name, string address) => cluster.Control.ApplyAsync(
        cluster.WorkloadEntry,
        JsonNode.Parse($$"""
            {"apiVersion":"{{cluster.WorkloadEntry.ApiVersion}}","kind":"WorkloadEntry",
             "metadata":{"name":"{{name}}","namespace":"{{cluster.Namespace}}","labels":{"hm-test":"{{name}}"} },
             "spec":{"address":"{{address}}"} }
            """)!.AsObject(),
        new ApplyOptions("a"),
        _limit);
}
