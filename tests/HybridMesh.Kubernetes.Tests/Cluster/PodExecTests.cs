using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

[Collection(ClusterTests.Name)]
public sealed class PodExecTests(ClusterFixture cluster) : IAsyncLifetime
{
    private readonly CancellationToken _limit = ClusterFixture.Limit();
    private string _pod = "";

    public async Task InitializeAsync()
    {
        if (TestSettings.Current is not null)
        {
            return;
        }

        string name = cluster.NewName(MeshPlane.Data, KubernetesKind.Deployment);
        await cluster.Data.ApplyAsync(
            KubernetesKind.Deployment,
            JsonNode.Parse($$"""
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{name}}","namespace":"{{cluster.Namespace}}"},
                 "spec":{"selector":{"matchLabels":{"app":"{{name}}"} },
                 "template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{"containers":[{"name":"app",
                 "image":"registry.example/demo/http_springboot_v1:1.0.1","ports":[{"containerPort":8001}]}]} } } }
                """)!.AsObject(),
            new ApplyOptions("a"),
            _limit);
        await foreach (KubernetesEvent change in
            cluster.Data.WatchAsync(KubernetesKind.Pod, cluster.Namespace, $"app={name}", null, _limit))
        {
            MeshPod pod = MeshPod.From(change.Item);
            if (pod.Ready)
            {
                _pod = pod.Name;
                return;
            }
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [PodFact]
    public async Task Exec_GivesBothStreamsAndExitCode()
    {
        CommandResult result = await ExecAsync(null, "sh", "-c", "echo out; echo err >&2; exit 7");

        Assert.Equal((7, "out\n", "err\n"), (result.ExitCode, result.Output, result.ErrorOutput));
    }

    [PodFact]
    public async Task Exec_Input_IsReadToItsEnd()
    {
        string text = string.Concat(Enumerable.Repeat("0123456789ä", 20_000));

        CommandResult result = await ExecAsync(text, "cat");

        Assert.Equal((0, text), (result.ExitCode, result.Output));
    }

    [PodFact]
    public async Task Exec_ContainerNamed_RunsThere()
    {
        CommandResult result =
            await cluster.Data.ExecAsync(cluster.Namespace, _pod, "app", ["echo", "a b", "&c=d"], null, _limit);

        Assert.Equal("a b &c=d\n", result.Output);
    }

    [PodFact]
    public async Task Exec_PodMissing_IsObjectNotFound()
    {
        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => cluster.Data.ExecAsync(cluster.Namespace, "hm-no-such-pod", null, ["true"], null, _limit));

        Assert.Equal(MeshErrorCode.ObjectNotFound, e.Code);
    }

    [PodFact]
    public async Task Exec_Cancelled_EndsWithinASecond()
    {
        using CancellationTokenSource stop = new();
        Task<CommandResult> running =
            cluster.Data.ExecAsync(cluster.Namespace, _pod, null, ["sleep", "60"], null, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(1)));
    }

    private Task<CommandResult> ExecAsync(string? input, params string[] command) =>
        cluster.Data.ExecAsync(cluster.Namespace, _pod, null, command, input, _limit);
}
