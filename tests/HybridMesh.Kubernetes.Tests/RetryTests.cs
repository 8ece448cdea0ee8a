using System.Text.Json.Nodes;
using HybridMesh.Core;
using Microsoft.Extensions.Time.Testing;

namespace HybridMesh.Kubernetes.Tests;

public sealed class RetryTests
{
    private const string PodJson = """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"n"}}""";

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Find_ServerFailsTwice_Succeeds(int code)
    {
        int calls = 0;
        await using StubServer server = new(_ => ++calls <= 2 ? new(code, "{}") : new(200, PodJson));
        await using IKubernetesApi api = await server.OpenAsync();

        Assert.NotNull(await api.FindAsync(KubernetesKind.Pod, "n", "a", CancellationToken.None));
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Apply_LostARace_IsSentAgain()
    {
        int calls = 0;
        await using StubServer server = new(_ => ++calls == 1
            ? new(409, StubServer.Status(409, "Conflict", "the object has been modified")) : new(200, PodJson));
        await using IKubernetesApi api = await server.OpenAsync();

        _ = await api.ApplyAsync(
            KubernetesKind.Pod, JsonNode.Parse(PodJson)!.AsObject(), new ApplyOptions("m"), CancellationToken.None);

        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Apply_FieldsOfAnotherManager_IsNotSentAgain()
    {
        int calls = 0;
        string said = """
            {"kind":"Status","status":"Failure","reason":"Conflict","code":409,"message":"Apply failed with 1 conflict",
             "details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"x\"","field":".spec.y"}]}}
            """;
        await using StubServer server = new(_ =>
        {
            calls++;
            return new(409, said);
        });
        await using IKubernetesApi api = await server.OpenAsync();

        MeshException e = await Assert.ThrowsAsync<MeshException>(() => api.ApplyAsync(
            KubernetesKind.Pod, JsonNode.Parse(PodJson)!.AsObject(), new ApplyOptions("m"), CancellationToken.None));

        Assert.Equal((MeshErrorCode.Conflict, 1), (e.Code, calls));
    }

    [Fact]
    public async Task Find_ConnectionDropped_IsSentAgain()
    {
        int calls = 0;
        await using StubServer server = new(_ => ++calls == 1 ? new(0, null) : new(200, PodJson));
        await using IKubernetesApi api = await server.OpenAsync();

        Assert.NotNull(await api.FindAsync(KubernetesKind.Pod, "n", "a", CancellationToken.None));
    }

    [Fact]
    public async Task Find_ServerKeepsFailing_GivesUpAfterFiveAttempts()
    {
        int calls = 0;
        await using StubServer server = new(_ =>
        {
            calls++;
            return new(500, StubServer.Status(500, "InternalError", "etcd is gone"));
        });
        await using IKubernetesApi api = await server.OpenAsync();

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => api.FindAsync(KubernetesKind.Pod, "n", "a", CancellationToken.None));

        Assert.Equal(MeshErrorCode.ApiUnavailable, e.Code);
        Assert.Contains("etcd is gone", e.Message);
        Assert.Equal(5, calls);
    }

    [Fact]
    public async Task Create_ServerFails_IsNotSentAgain()
    {
        int calls = 0;
        await using StubServer server = new(_ =>
        {
            calls++;
            return new(500, "{}");
        });
        await using IKubernetesApi api = await server.OpenAsync();

        await Assert.ThrowsAsync<MeshException>(() => api.CreateAsync(
            KubernetesKind.Pod, JsonNode.Parse(PodJson)!.AsObject(), "m", dryRun: false, CancellationToken.None));

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Find_TooManyRequests_WaitsAsLongAsTheServerSays()
    {
        int calls = 0;
        RecordingClock clock = new();
        await using StubServer server = new(_ =>
            Interlocked.Increment(ref calls) == 1 ? new(429, "{}", ("Retry-After", "7")) : new(200, PodJson));
        await using IKubernetesApi api = await server.OpenAsync(clock);

        Task<JsonObject?> finding = api.FindAsync(KubernetesKind.Pod, "n", "a", CancellationToken.None);
        await clock.UntilWaitingFor(TimeSpan.FromSeconds(7)).WaitAsync(TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal(1, calls);
        clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.NotNull(await finding.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Delete_AnswerLostThenNotFound_CountsAsRemoved()
    {
        int calls = 0;
        await using StubServer server = new(_ => ++calls == 1
            ? new(0, null)
            : new(404, StubServer.Status(404, "NotFound", "pods \"a\" not found", """{"name":"a","kind":"pods"}""")));
        await using IKubernetesApi api = await server.OpenAsync();

        Assert.True(await api.DeleteAsync(KubernetesKind.Pod, "n", "a", null, dryRun: false, CancellationToken.None));
    }

    [Fact]
    public async Task Find_NobodyListens_IsUnreachableAndNamesUrl()
    {
        StubServer server = new(_ => new(200, "{}"));
        string url = server.Url;
        await using IKubernetesApi api = await server.OpenAsync();
        await server.DisposeAsync();

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => api.GetVersionAsync(CancellationToken.None));

        Assert.Equal(MeshErrorCode.ApiUnreachable, e.Code);
        Assert.Contains(url, e.Message);
    }

    [Fact]
    public async Task Find_Cancelled_EndsAtOnce()
    {
        await using StubServer server = new(_ => new(429, "{}", ("Retry-After", "30")));
        await using IKubernetesApi api = await server.OpenAsync();
        using CancellationTokenSource stop = new();

        Task<JsonObject?> finding = api.FindAsync(KubernetesKind.Pod, "n", "a", stop.Token);
        while (server.Requests.IsEmpty)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding.WaitAsync(TimeSpan.FromSeconds(1)));
    }

    /// <summary>A clock that tells when somebody began to wait for a certain time.</summary>
    private sealed class RecordingClock : FakeTimeProvider
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TimeSpan _awaited = TimeSpan.FromSeconds(7);

        public Task UntilWaitingFor(TimeSpan time)
        {
            _awaited = time;
            return _waiting.Task;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == _awaited)
            {
                _waiting.TrySetResult();
            }

            return timer;
        }
    }
}
