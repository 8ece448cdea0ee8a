using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>What the plan says is what the commit does, by the server's own word.</summary>
[Collection(ClusterTests.Name)]
public sealed class ObjectWriterTests(ClusterFixture cluster)
{
    private readonly CancellationToken _limit = ClusterFixture.Limit();

    [Fact]
    public async Task Apply_NewThenSameThenChanged_IsCreatedUnchangedUpdated()
    {
        JsonObject service = Service();

        PlannedChange created = await ApplyAsync(service);
        PlannedChange unchanged = await ApplyAsync(service);
        service["spec"]!["ports"]![0]!["port"] = 8002;
        PlannedChange updated = await ApplyAsync(service);

        Assert.Equal(ChangeAction.Created, created.Action);
        Assert.Equal((ChangeAction.Unchanged, false), (unchanged.Action, unchanged.NeedsWrite));
        Assert.Equal(ChangeAction.Updated, updated.Action);
        Assert.Contains(updated.Differences, difference => difference.EndsWith(".port: 8001 -> 8002", StringComparison.Ordinal)
            || difference.Contains("8002", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PlanApply_StoresNothing()
    {
        JsonObject service = Service();

        PlannedChange plan = await Writer().PlanApplyAsync(MeshPlane.Data, KubernetesKind.Service, service, _limit);

        Assert.Equal(ChangeAction.Created, plan.Action);
        Assert.Contains("spec.ports[name=http].port: 8001", plan.Differences);
        Assert.Null(await cluster.Data.FindAsync(KubernetesKind.Service, cluster.Namespace, plan.Name, _limit));
    }

    [Fact]
    public async Task PlanApply_NamespacePlannedByTheSameWriter_IsNoError()
    {
        string ns = $"hm-{Guid.NewGuid().ToString("N")[..12]}";
        ObjectWriter writer = Writer();
        await writer.PlanApplyAsync(
            MeshPlane.Data, KubernetesKind.Namespace,
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = ns } },
            _limit);
        JsonObject service = Service();
        service["metadata"]!["namespace"] = ns;

        PlannedChange plan = await writer.PlanApplyAsync(MeshPlane.Data, KubernetesKind.Service, service, _limit);

        Assert.Equal(ChangeAction.Created, plan.Action);
    }

    [Fact]
    public async Task Apply_SameValuesByAnother_OnlyRecordsTheManager()
    {
        JsonObject service = Service();
        await ApplyAsync(service, "first");

        PlannedChange second = await ApplyAsync(service, "second");
        PlannedChange third = await ApplyAsync(service, "second");

        Assert.Equal((ChangeAction.Unchanged, true), (second.Action, second.NeedsWrite));
        Assert.False(third.NeedsWrite);
    }

    [Fact]
    public async Task Remove_ThereThenGone_IsRemovedThenUnchanged()
    {
        JsonObject service = Service();
        PlannedChange created = await ApplyAsync(service);

        PlannedChange removed = await RemoveAsync(created.Name);
        PlannedChange again = await RemoveAsync(created.Name);

        Assert.Equal((ChangeAction.Removed, ChangeAction.Unchanged), (removed.Action, again.Action));
    }

    private ObjectWriter Writer(string manager = "hybridmesh-test") => new(cluster.Session, new ObjectWriterOptions(manager));

    private async Task<PlannedChange> ApplyAsync(JsonObject service, string manager = "hybridmesh-test")
    {
        ObjectWriter writer = Writer(manager);
        return await writer.CommitAsync(
            await writer.PlanApplyAsync(MeshPlane.Data, KubernetesKind.Service, service, _limit), _limit);
    }

    private async Task<PlannedChange> RemoveAsync(string name)
    {
        ObjectWriter writer = Writer();
        return await writer.CommitAsync(
            await writer.PlanRemoveAsync(MeshPlane.Data, KubernetesKind.Service, cluster.Namespace, name, _limit), _limit);
    }

    private JsonObject Service() => JsonNode.Parse($$"""
        {"apiVersion":"v1","kind":"Service",
         "metadata":{"name":"{{cluster.NewName(MeshPlane.Data, KubernetesKind.Service)}}","namespace":"{{cluster.Namespace}}"},
         "spec":{"ports":[{"name":"http","port":8001}]} }
        """)!.AsObject();
}
