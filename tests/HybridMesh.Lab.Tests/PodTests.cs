using System.Text;
using System.Text.Json.Nodes;
using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>Deployments become real processes; the objects go straight into the store, past the API server.</summary>
public sealed class PodTests : IAsyncLifetime
{
    private const string Namespace = "shop";
    private readonly ObjectStore _store = new("data plane", TimeProvider.System);
    private readonly string _folder = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;
    private LabFolder _labFolder = null!;
    private BlockClaim _claim = null!;
    private Nursery _nursery = null!;
    private PodHost _host = null!;

    public async Task InitializeAsync()
    {
        _labFolder = LabFolder.Take(_folder);
        _claim = await BlockClaim.TakeAsync(CancellationToken.None);
        _nursery = new Nursery();
        _host = new PodHost(_store, _claim.Block, _nursery, _labFolder, TimeProvider.System);
        _host.Start();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _nursery.Dispose();
        _claim.Dispose();
        _labFolder.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Deployment_BecomesReadyPodsThatAnswerAtTheirOwnAddress()
    {
        Deploy("hello1", "http_springboot_v1:1.0.1", replicas: 2);

        IReadOnlyList<JsonObject> pods = await ReadyPodsAsync("hello1", 2);

        foreach (JsonObject pod in pods)
        {
            string address = pod.Text("status", "podIP")!;
            Assert.Equal($"Hello eric({address})", await LabFixture.GetAsync($"http://{address}:8001/hello/eric"));
            Assert.Equal("Running", pod.Text("status", "phase"));
            Assert.Equal("hello1", pod.Items("metadata", "ownerReferences").Single().Text("name"));
        }

        Assert.Equal(2, pods.Select(pod => pod.Text("status", "podIP")).Distinct().Count());
        await LabFixture.WaitForAsync(() => Task.FromResult(Available("hello1") == 2));
    }

    [Fact]
    public async Task Deployment_GrpcImage_AnswersCallsOnItsOwnPort()
    {
        Deploy("hello1", "grpc_springboot_v3:1.0.0");

        string address = (await ReadyPodsAsync("hello1", 1))[0].Text("status", "podIP")!;

        using GreeterClient greeter = new(new Uri($"http://{address}:7001"));
        Assert.Equal($"Hola eric({address})", await greeter.SayHelloAsync("eric"));
    }

    [Fact]
    public async Task Deployment_UnknownImage_StaysImagePullBackOff()
    {
        Deploy("odd", "redis:7");

        await LabFixture.WaitForAsync(() => Task.FromResult(Pods("odd").Any(pod =>
            pod.Items("status", "containerStatuses").Single().Text("state", "waiting", "reason")
                == "ImagePullBackOff")));

        Assert.Equal(0, Available("odd"));
    }

    [Fact]
    public async Task Deployment_NewTemplate_ReplacesItsPods()
    {
        Deploy("hello1", "http_springboot_v1:1.0.1");
        string before = (await ReadyPodsAsync("hello1", 1))[0].Name();

        Deploy("hello1", "http_springboot_v2:1.0.1");
        await LabFixture.WaitForAsync(() => Task.FromResult(Pods("hello1").All(pod => pod.Name() != before)));

        string address = (await ReadyPodsAsync("hello1", 1))[0].Text("status", "podIP")!;
        Assert.Equal($"Bonjour eric({address})", await LabFixture.GetAsync($"http://{address}:8001/hello/eric"));
    }

    [Fact]
    public async Task Deployment_Deleted_EndsItsPods()
    {
        Deploy("hello1", "http_springboot_v1:1.0.1");
        JsonObject pod = (await ReadyPodsAsync("hello1", 1))[0];

        _store.Delete("Deployment", Namespace, "hello1");

        await LabFixture.WaitForAsync(async () =>
        {
            try
            {
                await LabFixture.GetAsync($"http://{pod.Text("status", "podIP")}:8001/ready");
                return false;
            }
            catch (HttpRequestException)
            {
                return Pods("hello1").Count == 0;
            }
        });
    }

    [Fact]
    public async Task Pod_DeletedByHand_IsReplaced()
    {
        Deploy("hello1", "http_springboot_v1:1.0.1");
        string before = (await ReadyPodsAsync("hello1", 1))[0].Name();

        _store.Delete("Pod", Namespace, before);

        Assert.NotEqual(before, (await ReadyPodsAsync("hello1", 1))[0].Name());
    }

    [Fact]
    public async Task Pod_WithBackend_FindsTheServiceByName()
    {
        Deploy("hello3", "http_springboot_v1:1.0.1");
        string last = (await ReadyPodsAsync("hello3", 1))[0].Text("status", "podIP")!;
        Deploy("hello1", "http_springboot_v2:1.0.1", backend: $"hello3-svc.{Namespace}.svc.cluster.local");
        string first = (await ReadyPodsAsync("hello1", 1))[0].Text("status", "podIP")!;

        // No mesh here: the Service's address is the pod's own.
        _store.Update("Service", Namespace, "hello3-svc", _ => new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "hello3-svc", ["namespace"] = Namespace },
            ["spec"] = new JsonObject { ["clusterIP"] = last },
        });

        await LabFixture.WaitForAsync(async () =>
            await LabFixture.GetAsync($"http://{first}:8001/hello/eric")
                == $"Bonjour eric({first})<-Hello eric({last})");
        (int code, string output, _) = await ExecAsync("hello1", "curl", "-sS", "http://hello3-svc:8001/bye");
        Assert.Equal((0, $"Bye bye({last})"), (code, output));
    }

    [Fact]
    public async Task Exec_RunsInThePodsOwnFileTree()
    {
        Deploy("hello1", "http_springboot_v1:1.0.1", backend: "somewhere");
        string name = (await ReadyPodsAsync("hello1", 1))[0].Name();

        (int code, string output, string error) = await ExecAsync(
            "hello1", "sh", "-c", "hostname; echo $HTTP_HELLO_BACKEND; echo x > /etc/only-here; echo no >&2; exit 7");

        Assert.Equal((7, $"{name}\nsomewhere\n", "no\n"), (code, output, error));
        Assert.False(File.Exists("/etc/only-here"));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => _host.Executor.ExecAsync(
            Namespace, name, "other-container", ["true"], null, Stream.Null, Stream.Null, CancellationToken.None));
    }

    private async Task<(int Code, string Output, string Error)> ExecAsync(string deployment, params string[] command)
    {
        string pod = (await ReadyPodsAsync(deployment, 1))[0].Name();
        using MemoryStream output = new(), error = new();
        int code = await _host.Executor.ExecAsync(
            Namespace, pod, null, command, null, output, error, CancellationToken.None);
        return (code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    private void Deploy(string name, string image, int replicas = 1, string? backend = null) =>
        _store.Update("Deployment", Namespace, name, existing => new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = existing?["metadata"]?.DeepClone()
                ?? new JsonObject { ["name"] = name, ["namespace"] = Namespace },
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
                    ["spec"] = new JsonObject
                    {
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "app",
                            ["image"] = "registry.example/demo/" + image,
                            ["env"] = backend is null ? new JsonArray() : new JsonArray(
                                new JsonObject { ["name"] = "HTTP_HELLO_BACKEND", ["value"] = backend }),
                        }),
                    },
                },
            },
        });

    private IReadOnlyList<JsonObject> Pods(string app) =>
        [.. _store.List("Pod", Namespace).Where(pod => pod.Text("metadata", "labels", "app") == app)];

    private async Task<IReadOnlyList<JsonObject>> ReadyPodsAsync(string app, int count)
    {
        IReadOnlyList<JsonObject> ready = [];
        await LabFixture.WaitForAsync(() =>
        {
            ready = [.. Pods(app).Where(pod => pod.Items("status", "conditions")
                .Any(item => item.Text("type") == "Ready" && item.Text("status") == "True"))];
            return Task.FromResult(ready.Count == count);
        });
        return ready;
    }

    private int Available(string name) =>
        _store.Find("Deployment", Namespace, name).Number("status", "availableReplicas") ?? 0;
}
