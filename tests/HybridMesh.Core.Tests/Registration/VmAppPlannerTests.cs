using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace HybridMesh.Core.Tests;

public sealed class VmAppPlannerTests
{
    [Fact]
    public void Plan_NothingThere_NumbersVmsInTheirOrder()
    {
        VmAppPlan plan = Plan([Vm("a", "10.0.0.2"), Vm("b", "10.0.0.1")], []);

        Assert.Equal(["mesh-expansion-svc-1", "mesh-expansion-svc-2"], plan.Entries.Select(entry => entry.Name));
        Assert.Equal(["10.0.0.2", "10.0.0.1"], plan.Entries.Select(entry => entry.Manifest.Text("spec", "address")));
        Assert.True(plan is { WriteServiceEntry: true, WriteService: true, NextNumber: 3 });
    }

    [Fact]
    public void Plan_EverythingAsApplied_IsDone()
    {
        VmAppInput input = Input([Vm("a", "10.0.0.1"), Vm("b", "10.0.0.2")]);
        VmAppPlan first = VmAppPlanner.Plan(input, State([]));

        VmAppPlan second = VmAppPlanner.Plan(input, Applied(first));

        Assert.True(second.IsDone);
        Assert.Empty(second.Warnings);
    }

    [Fact]
    public void Plan_VmsInAnotherOrder_KeepTheirNumbers()
    {
        VmAppPlan first = Plan([Vm("a", "10.0.0.1"), Vm("b", "10.0.0.2")], []);

        VmAppPlan second = VmAppPlanner.Plan(
            Input([Vm("new", "10.0.0.3"), Vm("b", "10.0.0.2"), Vm("a", "10.0.0.1")]), Applied(first));

        Assert.Equal(
            ["mesh-expansion-svc-3", "mesh-expansion-svc-2", "mesh-expansion-svc-1"],
            second.Entries.Select(entry => entry.Name));
        Assert.Equal([true, false, false], second.Entries.Select(entry => entry.NeedsWrite));
    }

    [Fact]
    public void Plan_NumbersWithAGap_NeverReusesOne() =>
        Assert.Equal(
            "mesh-expansion-svc-8",
            Assert.Single(Plan([Vm("x", "10.0.0.9")], [Entry("mesh-expansion-svc-7", "10.0.0.7")]).Entries).Name);

    [Fact]
    public void Plan_EntriesOfAServiceWhoseNameContinuesOurs_AreNotOurs()
    {
        VmAppPlan plan = Plan([Vm("a", "10.0.0.1")], [Entry("mesh-expansion-svc-x-5", "10.0.0.1", """{ "app": "other" }""")]);

        Assert.Equal("mesh-expansion-svc-1", Assert.Single(plan.Entries).Name);
    }

    [Fact]
    public void Plan_AddressSpelledOtherwise_IsFoundAgain() =>
        Assert.NotNull(Assert.Single(
            Plan([Vm("a", "fd00:0:0::1")], [Entry("mesh-expansion-svc-1", "fd00::0001")]).Entries).Existing);

    [Theory]
    [InlineData("n1", "n1", true)]
    [InlineData(null, "n1", true)]
    [InlineData("n1", null, true)]
    [InlineData("n1", "n2", false)]
    public void Plan_SameAddress_IsTheSameVmUnlessNetworksDiffer(string? vm, string? entry, bool same)
    {
        VmAppPlan plan = Plan(
            [Vm("a", "10.0.0.1") with { Network = vm }], [Entry("mesh-expansion-svc-1", "10.0.0.1", network: entry)]);

        Assert.Equal(same, Assert.Single(plan.Entries).Existing is not null);
    }

    [Fact]
    public void Plan_OneAddressInTwoNetworks_AreTwoVms()
    {
        VmAppPlan plan = Plan(
            [Vm("a", "10.0.0.1") with { Network = "n1" }, Vm("b", "10.0.0.1") with { Network = "n2" }],
            [Entry("mesh-expansion-svc-1", "10.0.0.1", network: "n2")]);

        Assert.Equal(["mesh-expansion-svc-2", "mesh-expansion-svc-1"], plan.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Plan_EntryOfAnotherNameThatTheSelectorMatches_IsNotDoubled()
    {
        VmAppPlan plan = Plan([Vm("a", "10.0.0.1")], [Entry("by-hand", "10.0.0.1")]);

        Assert.Equal("by-hand", Assert.Single(plan.Entries).Name);
        Assert.False(plan.Entries[0].NeedsWrite);
        Assert.Contains("by-hand", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_NumberedEntryOfAnotherMakerWithoutTheLabels_IsAConflictOfThatVm()
    {
        VmAppPlan plan = Plan(
            [Vm("a", "10.0.0.1"), Vm("b", "10.0.0.2")], [Entry("mesh-expansion-svc-1", "10.0.0.1", """{ "x": "y" }""")]);

        Assert.Equal(MeshErrorCode.Conflict, plan.Entries[0].Error?.Code);
        Assert.Null(plan.Entries[1].Error);
    }

    [Fact]
    public void Plan_EntryWithoutVersion_GetsIt_OneWithAnotherKeepsIt()
    {
        VmAppPlan plan = Plan(
            [Vm("a", "10.0.0.1", "v1"), Vm("b", "10.0.0.2", "v2")],
            [
                Entry("mesh-expansion-svc-1", "10.0.0.1"),
                Entry("mesh-expansion-svc-2", "10.0.0.2", """{ "app": "svc", "version": "v1" }"""),
            ]);

        Assert.Equal(["v1", null], plan.Entries.Select(entry => entry.Version));
        Assert.Contains("Set-WorkloadEntryVersion", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_ChangedSelector_WarnsOfTheEntriesItLeavesOut()
    {
        VmAppPlan plan = Plan(
            [Vm("b", "10.0.0.2")], [Entry("mesh-expansion-svc-1", "10.0.0.1", """{ "app": "old" }""")]);

        Assert.Contains("mesh-expansion-svc-1", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_TenThousandVms_TakesSeconds()
    {
        MeshVm[] vms = [.. Enumerable.Range(0, 10_000).Select(i =>
            Vm($"vm{i}", string.Create(CultureInfo.InvariantCulture, $"10.{i / 65536}.{i / 256 % 256}.{i % 256}"), "v1"))];
        VmAppInput input = Input(vms);
        VmAppState state = Applied(VmAppPlanner.Plan(input, State([])));
        Stopwatch watch = Stopwatch.StartNew();

        VmAppPlan plan = VmAppPlanner.Plan(input, state);

        Assert.True(plan.Entries.All(entry => entry.Manifest is null));
        Assert.Equal(10_001, plan.NextNumber);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static MeshVm Vm(string name, string address, string? version = null) =>
        new() { Name = name, Address = address, Version = version };

    private static VmAppInput Input(IReadOnlyList<MeshVm> vms) => VmAppInput.Check(new VmAppRequest
    {
        Namespace = "ns",
        ServiceName = "svc",
        Ports = [new MeshPort("http", 8001)],
        Vms = vms,
    });

    private static VmAppPlan Plan(IReadOnlyList<MeshVm> vms, IReadOnlyList<JsonObject> entries) =>
        VmAppPlanner.Plan(Input(vms), State(entries));

    private static VmAppState State(
        IReadOnlyList<JsonObject> entries, JsonObject? serviceEntry = null, JsonObject? service = null) => VmAppState.From(
        new WorkloadEntryCatalog(entries, serviceEntry is null ? [] : [serviceEntry], KubernetesKind.WorkloadEntry),
        KubernetesKind.ServiceEntry, service, "svc");

    private static VmAppState Applied(VmAppPlan plan) => State(
        [.. plan.Entries.Select(entry => Applied(entry.Manifest!))], Applied(plan.ServiceEntry!), Applied(plan.Service!));

    private static JsonObject Applied(JsonObject manifest)
    {
        JsonObject item = manifest.DeepClone().AsObject();
        JsonObject fields = Fields(item);
        fields.Remove("f:apiVersion");
        fields.Remove("f:kind");
        fields["f:metadata"]!.AsObject().Remove("f:name");
        fields["f:metadata"]!.AsObject().Remove("f:namespace");
        if (fields["f:metadata"]!.AsObject().Count == 0)
        {
            fields.Remove("f:metadata");
        }

        item["metadata"]!["managedFields"] = new JsonArray(new JsonObject
        {
            ["manager"] = "hybridmesh",
            ["operation"] = "Apply",
            ["fieldsV1"] = fields,
        });
        return item;
    }

    private static JsonObject Fields(JsonObject node) => new(node.Select(pair => KeyValuePair.Create(
        $"f:{pair.Key}", (JsonNode?)(pair.Value is JsonObject inner ? Fields(inner) : new JsonObject()))));

    private static JsonObject Entry(
        string name, string address, string labels = """{ "app": "svc" }""", string? network = null)
    {
        JsonObject item = JsonNode.Parse($$"""
            { "metadata": { "name": "{{name}}", "namespace": "ns" },
              "spec": { "address": "{{address}}", "labels": {{labels}} } }
            """)!.AsObject();
        if (network is not null)
        {
            item["spec"]!["network"] = network;
        }

        return item;
    }
}
