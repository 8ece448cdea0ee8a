using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>Registering apps on whole API servers, with other writers about.</summary>
[Collection(ClusterTests.Name)]
public sealed class RegistrationTests(ClusterFixture cluster) : IAsyncLifetime
{
    private readonly CancellationToken _limit = ClusterFixture.Limit();
    private readonly string _service = $"hm-{Guid.NewGuid().ToString("N")[..12]}";
    private readonly Gate _gate = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await RemoveAsync();
        await cluster.Data.DeleteAsync(
            KubernetesKind.Service, cluster.Namespace, _service, uid: null, dryRun: false, ClusterFixture.Limit());
    }

    [Fact]
    public async Task FirstRun_MakesTheObjects_SecondRunWritesNothing()
    {
        MeshVmApp first = await RegisterAsync(1, 2, 3);
        string before = await EverythingAsync();

        MeshVmApp second = await RegisterAsync(3, 1, 2);

        Assert.All(first.Objects, item => Assert.Equal(ChangeAction.Created, item.Action));
        Assert.Equal(["v1", "v2", "v3"], first.WorkloadEntries.Select(entry => entry.Version));
        Assert.All(first.WorkloadEntries, entry => Assert.Equal(_service, entry.ServiceName));
        Assert.Equal(5, second.Objects.Count);
        Assert.All(second.Objects, item => Assert.Equal(ChangeAction.Unchanged, item.Action));
        Assert.Equal(before, await EverythingAsync());
        Assert.Empty(_gate.Warnings);
    }

    [Fact]
    public async Task NewVm_GetsTheNextNumber()
    {
        await RegisterAsync(1, 2);

        MeshVmApp app = await RegisterAsync(9, 2);

        Assert.Equal(["127.0.9.1", "127.0.9.2", "127.0.9.9"], app.WorkloadEntries.Select(entry => entry.Address));
    }

    [Fact]
    public async Task OtherWritersFields_SurviveEveryRun()
    {
        await RegisterAsync(1, 2);
        await PatchEntryAsync("""{"spec":{"weight":7,"labels":{"by":"kubectl"}}}""");

        MeshVmApp again = await RegisterAsync(1, 2);
        await SetVersionAsync("127.0.9.1", "v9");
        MeshVmApp last = await RegisterAsync(1, 2);

        Assert.All(again.Objects, item => Assert.Equal(ChangeAction.Unchanged, item.Action));
        WorkloadEntry entry = last.WorkloadEntries[0];
        Assert.Equal((7, "kubectl", "v9"), (entry.Weight, entry.Labels["by"], entry.Version));
        Assert.Contains(_gate.Warnings, text => text.Contains("keeps version v9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ChangedLabels_AreUpdated_AndLabelsGivenUpAreRemoved()
    {
        await RegisterAsync(new Dictionary<string, string> { ["app"] = _service, ["tier"] = "a" }, 1);

        MeshVmApp app = await RegisterAsync(new Dictionary<string, string> { ["app"] = _service }, 1);

        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Updated, item.Action));
        Assert.False(Assert.Single(app.WorkloadEntries).Labels.ContainsKey("tier"));
        Assert.Equal("v1", app.WorkloadEntries[0].Version);
    }

    [Fact]
    public async Task FieldThatAnotherSet_IsAConflictNamingIt()
    {
        await RegisterAsync(1);
        await PatchEntryAsync($$"""{ "spec": { "labels": { "app": "{{_service}}-x" } } }""");

        await Assert.ThrowsAsync<MeshException>(() => RegisterAsync(1));

        Assert.Equal(MeshErrorCode.Conflict, _gate.LastError?.Code);
        Assert.Contains("kubectl-patch", _gate.LastError?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoRunsAtOnce_LoseAndDoubleNone()
    {
        await Task.WhenAll(RegisterAsync(1, 2, 3, 4), RegisterAsync(4, 5, 6), RegisterAsync(6, 1));

        MeshVmApp app = await RegisterAsync(1, 2, 3, 4, 5, 6);

        Assert.Equal(
            ["127.0.9.1", "127.0.9.2", "127.0.9.3", "127.0.9.4", "127.0.9.5", "127.0.9.6"],
            app.WorkloadEntries.Select(entry => entry.Address).Order(StringComparer.Ordinal));
        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Unchanged, item.Action));
    }

    [Fact]
    public async Task WhatIf_StoresNothing()
    {
        string before = await EverythingAsync();

        Gate gate = new() { WhatIf = true };
        Assert.Null(await new VmAppRegistrar(cluster.Session, gate).RegisterAsync(
            Request(Labels(), 1, 2), MeshProvider.Istio, _limit));

        Assert.Equal(before, await EverythingAsync());
        Assert.Equal(4, gate.Asked.Count);
        Assert.Contains(gate.Asked, text => text.Contains("127.0.9.2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Undo_LeavesTheListsAsBefore()
    {
        string before = await EverythingAsync();
        await RegisterAsync(1, 2);
        await SetVersionAsync("127.0.9.1", "v9");

        MeshVmApp? removed = await RemoveAsync();
        MeshVmApp? again = await RemoveAsync();

        Assert.All(removed!.Objects, item => Assert.Equal(ChangeAction.Removed, item.Action));
        Assert.All(again!.Objects, item => Assert.Equal(ChangeAction.Unchanged, item.Action));
        Assert.Equal(before, await EverythingAsync());
    }

    [Fact]
    public async Task ServiceThatExistedBefore_StaysThroughAll()
    {
        await cluster.Data.CreateAsync(
            KubernetesKind.Service,
            JsonNode.Parse($$"""
                { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "{{_service}}", "namespace": "{{cluster.Namespace}}" },
                  "spec": { "ports": [{ "name": "http", "port": 8001 }] } }
                """)!.AsObject(),
            "kubectl-create", dryRun: false, _limit);
        string before = await EverythingAsync();

        MeshVmApp app = await RegisterAsync(1);
        await RemoveAsync();

        Assert.Equal(ChangeAction.Unchanged, app.Objects.Single(item => item.Kind == "Service").Action);
        Assert.Equal(before, await EverythingAsync());
    }

    [Fact]
    public async Task SetVersion_ConcurrentPatches_AllSurvive()
    {
        MeshVmApp app = await RegisterAsync(1);
        string name = Assert.Single(app.WorkloadEntries).Name;

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            await SetVersionAsync("127.0.9.1", $"v{i}");
            await PatchAsync(name, $$"""{ "spec": { "labels": { "k{{i}}": "x" } } }""");
        }));

        WorkloadEntry entry = Assert.Single((await RegisterAsync(1)).WorkloadEntries);
        Assert.Equal(10, entry.Labels.Keys.Count(key => key.StartsWith('k')));
        Assert.Matches("^v[0-9]$", entry.Version);
    }

    private Dictionary<string, string> Labels() => new() { ["app"] = _service };

    private Task<MeshVmApp> RegisterAsync(params int[] vms) => RegisterAsync(Labels(), vms);

    private async Task<MeshVmApp> RegisterAsync(Dictionary<string, string> labels, params int[] vms)
    {
        MeshVmApp? app = await new VmAppRegistrar(cluster.Session, _gate).RegisterAsync(
            Request(labels, vms), MeshProvider.Istio, _limit);
        return app!;
    }

    private VmAppRequest Request(Dictionary<string, string> labels, params int[] vms) => new()
    {
        Namespace = cluster.Namespace,
        ServiceName = _service,
        Ports = [new MeshPort("http", 8001)],
        Labels = labels,
        ServiceAccount = "http-sa",
        Vms = [.. vms.Select(vm => new MeshVm { Name = $"vm{vm}", Address = $"127.0.9.{vm}", Version = $"v{vm}" })],
    };

    private Task<MeshVmApp?> RemoveAsync() => new VmAppRemover(
        cluster.Session, _gate, new FanOutOptions(8, TimeSpan.FromSeconds(30)))
        .RemoveAsync(cluster.Namespace, _service, MeshProvider.Istio, ClusterFixture.Limit());

    private async Task SetVersionAsync(string address, string version)
    {
        WorkloadVersionSetter setter = new(cluster.Session, _gate, new FanOutOptions(8, TimeSpan.FromSeconds(30)));
        WorkloadVersionRequest request = new()
        {
            Source = address,
            Namespace = cluster.Namespace,
            Address = address,
            Version = version,
        };
        await foreach (WorkloadEntry entry in setter.SetAsync([request], _service, _limit))
        {
            Assert.Equal(version, entry.Version);
        }
    }

    private Task<JsonObject> PatchEntryAsync(string patch) => PatchAsync($"mesh-expansion-{_service}-1", patch);

    private Task<JsonObject> PatchAsync(string name, string patch) => cluster.Control.MergePatchAsync(
        cluster.WorkloadEntry, cluster.Namespace, name, JsonNode.Parse(patch)!.AsObject(), "kubectl-patch", dryRun: false,
        _limit);

    // The objects that may be this test's; others' tests run beside it.
    private async Task<string> EverythingAsync()
    {
        List<string> items = [];
        foreach (KubernetesKind kind in new[] { KubernetesKind.ServiceEntry, KubernetesKind.WorkloadEntry })
        {
            KubernetesKind served = await cluster.Session.ServedKindAsync(MeshPlane.Control, kind, _limit);
            await foreach (JsonObject item in cluster.Control.ListAsync(served, cluster.Namespace, null, _limit))
            {
                items.Add(item.ToJsonString());
            }
        }

        await foreach (JsonObject item in cluster.Data.ListAsync(KubernetesKind.Service, cluster.Namespace, null, _limit))
        {
            items.Add(item.ToJsonString());
        }

        return string.Join('\n', items.Where(item => item.Contains(_service, StringComparison.Ordinal)));
    }

    private sealed class Gate : IChangeGate
    {
        public bool WhatIf { get; init; }

        public List<string> Asked { get; } = [];

        public List<string> Warnings { get; } = [];

        public MeshException? LastError { get; private set; }

        public Task<bool> ShouldProcessAsync(string target, string action)
        {
            lock (Asked)
            {
                Asked.Add($"{target}: {action}");
            }

            return Task.FromResult(!WhatIf);
        }

        public Task WriteErrorAsync(MeshException exception, object? target)
        {
            LastError = exception;
            return Task.FromException(exception);
        }

        public void Warning(string text)
        {
            lock (Warnings)
            {
                Warnings.Add(text);
            }
        }

        public void Verbose(string text)
        {
        }

        public void Progress(string activity, string status, int percent)
        {
        }
    }
}
