using System.Text.Json.Nodes;
using HybridMesh.Testing;

namespace HybridMesh.Core.Tests;

public sealed class RouteWeightWriterTests
{
    private readonly FakeKubernetesApi _api = new();
    private readonly RouteWeightWriter _writer;

    public RouteWeightWriterTests()
    {
        MeshPlaneStatus status = new() { Server = _api.Server, Context = "fake", Reachable = true };
        MeshConnection connection = new() { Id = Guid.NewGuid(), Namespace = "hello", DataPlane = status, ControlPlane = status };
        _writer = new RouteWeightWriter(new MeshSession(connection, _api, _api, asm: null));
        FakeScenario.Seed(_api, _api);
    }

    [Fact]
    public async Task WriteAsync_OneRoute_ChangesItsWeightsAndNotAByteElse()
    {
        string before = Stored().ToJsonString();

        RouteWeightChange change = await WriteAsync("http-hello-route", (10, 80, 10));

        Assert.Equal(("v1 30, v2 60, v3 10", "v1 10, v2 80, v3 10", ChangeAction.Updated), (change.Before.ToString(), change.After.ToString(), change.Action));
        Assert.Equal(before.Replace("\"weight\":30", "\"weight\":10", StringComparison.Ordinal).Replace("\"weight\":60", "\"weight\":80", StringComparison.Ordinal), Stored().ToJsonString());
        Assert.Equal("hybridmesh-weights", Assert.Single(_api.Peek(KubernetesKind.VirtualService, "hello", "hello2-vs")!["metadata"]!["managedFields"]!.AsArray(), owner => (string)owner!["manager"]! != "kubectl")!["manager"]!.GetValue<string>());
    }

    [Fact]
    public async Task WriteAsync_AnotherWriterBetween_TakesItsChangeAndTriesAgain()
    {
        int races = 2;
        _api.OnCall = (call, _) =>
        {
            if (call.Verb == "replace" && races-- > 0)
            {
                JsonObject theirs = _api.Peek(KubernetesKind.VirtualService, "hello", "hello2-vs")!;
                theirs["spec"]!["http"]![1]!["timeout"] = $"{races + 3}s";
                _api.OverwriteAs("kubectl-edit", KubernetesKind.VirtualService, theirs);
            }

            return Task.CompletedTask;
        };

        RouteWeightChange change = await WriteAsync("http-hello-route", (1, 2, 3));

        Assert.Equal(ChangeAction.Updated, change.Action);
        Assert.Equal("3s", Stored()["spec"]!["http"]![1]!["timeout"]!.GetValue<string>());
        Assert.Equal(3, _api.Writes.Count);
    }

    [Fact]
    public async Task WriteAsync_ConflictsWithoutEnd_IsConflict()
    {
        _api.OnCall = (call, _) => call.Verb == "replace" ? throw new MeshException(MeshErrorCode.Conflict, "no") : Task.CompletedTask;
        Assert.Equal(MeshErrorCode.Conflict, (await Assert.ThrowsAsync<MeshException>(() => WriteAsync("http-hello-route", (1, 2, 3)))).Code);
    }

    [Fact]
    public async Task WriteAsync_SameWeights_WritesNothing()
    {
        Assert.Equal(ChangeAction.Unchanged, (await WriteAsync("0", (30, 60, 10))).Action);
        Assert.Empty(_api.Writes);
    }

    [Fact]
    public async Task WriteAsync_DryRun_ChangesNothing()
    {
        string before = Stored().ToJsonString();
        RouteWeightChange change = await _writer.WriteAsync("hello", "hello2-vs", "1", route => route.With(_ => 1), dryRun: true, default);
        Assert.Equal("v1 1, v2 1, v3 1", change.After.ToString());
        Assert.Equal(before, Stored().ToJsonString());
    }

    [Theory]
    [InlineData("nope", MeshErrorCode.ObjectNotFound, "'http-hello-route', 'http-bye-route'")]
    [InlineData("2", MeshErrorCode.ObjectNotFound, "'2'")]
    [InlineData(null, MeshErrorCode.Ambiguous, "Name one by -Route")]
    public async Task WriteAsync_NoSuchRoute_ListsTheRoutes(string? route, MeshErrorCode code, string message)
    {
        MeshException error = await Assert.ThrowsAsync<MeshException>(() => WriteAsync(route, (1, 1, 1)));
        Assert.Equal(code, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_NewDestination_GetsHostAndPortOfItsSiblings()
    {
        _api.Seed(KubernetesKind.VirtualService, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"VirtualService","metadata":{"name":"one-vs","namespace":"hello"},
             "spec":{"hosts":["a"],"http":[{"route":[{"destination":{"host":"a","subset":"v1","port":{"number":8001}}}]}]}}
            """);

        await _writer.WriteAsync("hello", "one-vs", null, route => route with
        {
            Destinations = [route.Destinations[0] with { Weight = 9 }, route.Destinations[0] with { Subset = "v2", Weight = 1 }],
        }, dryRun: false, default);

        Assert.Equal(
            """[{"destination":{"host":"a","subset":"v1","port":{"number":8001}},"weight":9},{"destination":{"host":"a","subset":"v2","port":{"number":8001}},"weight":1}]""",
            _api.Peek(KubernetesKind.VirtualService, "hello", "one-vs")!["spec"]!["http"]![0]!["route"]!.ToJsonString());
    }

    private Task<RouteWeightChange> WriteAsync(string? route, (int, int, int) weights) => _writer.WriteAsync(
        "hello", "hello2-vs", route,
        before => before.With(item => item.Subset switch { "v1" => weights.Item1, "v2" => weights.Item2, _ => weights.Item3 }),
        dryRun: false, default);

    // What the server itself writes into metadata says nothing here.
    private JsonObject Stored()
    {
        JsonObject item = _api.Peek(KubernetesKind.VirtualService, "hello", "hello2-vs")!;
        item["metadata"]!.AsObject().Remove("managedFields");
        item["metadata"]!.AsObject().Remove("resourceVersion");
        return item;
    }
}
