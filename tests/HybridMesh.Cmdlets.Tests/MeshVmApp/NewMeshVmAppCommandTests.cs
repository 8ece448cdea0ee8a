using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class NewMeshVmAppCommandTests : IDisposable
{
    private const string Vms = """
        $vms = @(
            [pscustomobject]@{ Name = 'vm1'; Address = '10.0.0.1'; Version = 'v1' }
            @{ Name = 'vm2'; Address = '10.0.0.2'; Version = 'v2' }
            [HybridMesh.Core.MeshVm]$vm3
        );
        """;

    private const string New = "New-MeshVmApp -ServiceName hello2-svc -Port http:8001 -Label @{ app = 'hello-workload' }";

    private readonly FakeMesh _mesh = new();

    public NewMeshVmAppCommandTests()
    {
        _mesh.DataPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.ControlPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.Host.With("vm3", new MeshVm { Name = "vm3", Address = "10.0.0.3", Version = "v3" });
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Pipeline_RowsHashtablesAndVms_MakesTheObjectsOfTheArticle()
    {
        ScriptRun run = _mesh.Run($"{Vms} $vms | {New}");

        Assert.Empty(run.Errors);
        MeshVmApp app = Assert.Single(run.OutputAs<MeshVmApp>());
        Assert.Equal("hello2-svc.hello.svc.cluster.local", app.Host);
        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Created, item.Action));
        Assert.Equal(
            ["mesh-expansion-hello2-svc-1", "mesh-expansion-hello2-svc-2", "mesh-expansion-hello2-svc-3"],
            app.WorkloadEntries.Select(entry => entry.Name));
        Assert.Equal(["v1", "v2", "v3"], app.WorkloadEntries.Select(entry => entry.Version));
        AssertSpec(
            """
            { "hosts": ["hello2-svc.hello.svc.cluster.local"], "location": "MESH_INTERNAL",
              "ports": [{ "name": "http-8001", "number": 8001, "protocol": "HTTP" }], "resolution": "STATIC",
              "workloadSelector": { "labels": { "app": "hello-workload" } } }
            """,
            _mesh.ControlPlane.Peek(KubernetesKind.ServiceEntry, "hello", "mesh-expansion-hello2-svc"));
        AssertSpec(
            """{ "address": "10.0.0.2", "labels": { "app": "hello-workload", "version": "v2" } }""", Entry(2));
        AssertSpec(
            """{ "ports": [{ "name": "http-8001", "port": 8001, "protocol": "TCP", "targetPort": 8001 }] }""",
            _mesh.DataPlane.Peek(KubernetesKind.Service, "hello", "hello2-svc"));
    }

    [Fact]
    public void SecondRun_SameVms_WritesNothingAndSaysUnchanged()
    {
        _mesh.Run($"{Vms} $vms | {New}");
        int writes = _mesh.ControlPlane.Writes.Count + _mesh.DataPlane.Writes.Count;

        ScriptRun run = _mesh.Run($"{Vms} $vms | {New}");

        MeshVmApp app = Assert.Single(run.OutputAs<MeshVmApp>());
        Assert.Equal(5, app.Objects.Count);
        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Unchanged, item.Action));
        Assert.Equal(writes, _mesh.ControlPlane.Writes.Count + _mesh.DataPlane.Writes.Count);
        Assert.Empty(run.Warnings);
    }

    [Fact]
    public void SecondRun_NewVmFirst_GetsTheNextNumberAndOthersStay()
    {
        _mesh.Run($"{Vms} $vms | {New}");

        ScriptRun run = _mesh.Run($"{Vms} @('10.0.0.9'; $vms) | {New}");

        MeshVmApp app = Assert.Single(run.OutputAs<MeshVmApp>());
        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9"], app.WorkloadEntries.Select(item => item.Address));
        Assert.Equal("mesh-expansion-hello2-svc-4", app.Objects.Single(item => item.Action == ChangeAction.Created).Name);
    }

    [Fact]
    public void SecondRun_AnotherVersionOnTheEntry_StaysWithAWarning()
    {
        _mesh.Run($"{Vms} $vms | {New}");

        ScriptRun run = _mesh.Run($"@{{ Name = 'vm1'; Address = '10.0.0.1'; Version = 'v9' }} | {New}");

        Assert.Contains("Set-WorkloadEntryVersion", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Equal("v1", Entry(1)!["spec"]!["labels"]!["version"]!.GetValue<string>());
    }

    [Fact]
    public void Written_VersionLabel_BelongsToItsOwnManagerOnly()
    {
        _mesh.Run($"@{{ Name = 'vm1'; Address = '10.0.0.1'; Labels = @{{ version = 'v1'; zone = 'a' }} }} | {New}");

        JsonObject entry = Entry(1)!;
        Assert.Equal("v1", entry["spec"]!["labels"]!["version"]!.GetValue<string>());
        Assert.Equal("a", entry["spec"]!["labels"]!["zone"]!.GetValue<string>());
        JsonNode[] owners = [.. entry["metadata"]!["managedFields"]!.AsArray()
            .Where(item => item!["fieldsV1"]!["f:spec"]?["f:labels"]?["f:version"] is not null).Select(item => item!)];
        Assert.Equal("hybridmesh-version", Assert.Single(owners)["manager"]!.GetValue<string>());
    }

    [Fact]
    public void WhatIf_ChangesNothing_AndSaysWhatWould()
    {
        ScriptRun run = _mesh.Run($"{Vms} $vms | {New} -WhatIf");

        Assert.Empty(run.Errors);
        Assert.Empty(run.Output);
        Assert.Empty(_mesh.ControlPlane.Writes);
        Assert.Empty(_mesh.DataPlane.Writes);
        Assert.Contains(_mesh.ControlPlane.Calls, call => call is { Verb: "apply", Kind: "WorkloadEntry", DryRun: true });
        Assert.Contains("WorkloadEntry hello/mesh-expansion-hello2-svc-3", run.HostText, StringComparison.Ordinal);
        Assert.Contains("10.0.0.3", run.HostText, StringComparison.Ordinal);
        Assert.Contains("ServiceEntry hello/mesh-expansion-hello2-svc", run.HostText, StringComparison.Ordinal);
        Assert.Contains("Service hello/hello2-svc on the data plane", run.HostText, StringComparison.Ordinal);
    }

    [Fact]
    public void Service_ThatExistedBefore_IsLeftAndSaidSo()
    {
        JsonObject before = _mesh.DataPlane.Seed(KubernetesKind.Service, """
            { "metadata": { "name": "hello2-svc", "namespace": "hello" }, "spec": { "ports": [{ "port": 8001 }] } }
            """);

        ScriptRun run = _mesh.Run($"'10.0.0.1' | {New}");
        ScriptRun second = _mesh.Run($"'10.0.0.1' | {New} -Verbose");

        MeshVmApp app = Assert.Single(run.OutputAs<MeshVmApp>());
        Assert.Equal(ChangeAction.Unchanged, app.Objects.Single(item => item.Kind == "Service").Action);
        Assert.Contains("left as it is", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Empty(second.Warnings);
        Assert.Contains(second.Verbose, text => text.Contains("left as it is", StringComparison.Ordinal));
        Assert.Equal(
            before.ToJsonString(), _mesh.DataPlane.Peek(KubernetesKind.Service, "hello", "hello2-svc")!.ToJsonString());
    }

    [Fact]
    public void ServiceEntry_OfAnotherMaker_IsAConflictAndNothingIsWritten()
    {
        _mesh.ControlPlane.Seed(KubernetesKind.ServiceEntry, """
            { "metadata": { "name": "mesh-expansion-hello2-svc", "namespace": "hello" }, "spec": { "hosts": ["a.b"] } }
            """);

        ScriptRun run = _mesh.Run($"'10.0.0.1' | {New}");

        Assert.Equal("Conflict,HybridMesh.Cmdlets.NewMeshVmAppCommand", Assert.Single(run.Errors).FullyQualifiedErrorId);
        Assert.Contains("kubectl", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_mesh.ControlPlane.Writes);
        Assert.Empty(_mesh.DataPlane.Writes);
    }

    [Theory]
    [InlineData("-Label @{ app = 'a'; tier = 1 }")]
    [InlineData("-Label ([ordered]@{ app = 'a'; tier = '1' })")]
    public void Label_FromAnyDictionary_IsText(string label)
    {
        ScriptRun run = _mesh.Run($"'10.0.0.1' | New-MeshVmApp svc http:1 {label}");

        Assert.Empty(run.Errors);
        Assert.Equal("1", Assert.Single(run.OutputAs<MeshVmApp>()).Labels["tier"]);
    }

    [Fact]
    public void Namespace_Missing_NamesThePlane()
    {
        ScriptRun run = _mesh.Run($"'10.0.0.1' | {New} -Namespace other");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Contains("control plane", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Publish-MeshManifest", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ Name='a'; Address='10.0.0.1' }, @{ Name='b'; Address='10.0.0.1' }", "Ambiguous", "'b'")]
    [InlineData("'not-an-address'", "ArgumentInvalid", "not-an-address")]
    [InlineData(
        "@{ Name='a'; Address='10.0.0.1'; ServiceAccount='x' }, @{ Name='b'; Address='10.0.0.2'; ServiceAccount='y' }",
        "ArgumentInvalid", "'y'")]
    [InlineData("@{ Name='a'; Address='10.0.0.1'; Version='v 1' }", "ArgumentInvalid", "v 1")]
    public void Input_ThatCantBeUsed_IsTold(string input, string id, string named)
    {
        ScriptRun run = _mesh.Run($"{input} | {New}");

        Assert.Equal([id], run.ErrorIds);
        Assert.Contains(named, run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_mesh.ControlPlane.Writes);
    }

    [Fact]
    public void OneEntryRefused_IsAnErrorAboutItsVm_TheRestGoOn()
    {
        _mesh.ControlPlane.OnCall = (call, _) => call is { Verb: "create", Name: "mesh-expansion-hello2-svc-2" }
            ? throw new MeshException(MeshErrorCode.ObjectInvalid, "refused") : Task.CompletedTask;

        ScriptRun run = _mesh.Run($"{Vms} $vms | {New}");

        Assert.Equal(["ObjectInvalid"], run.ErrorIds);
        Assert.Equal("vm2", Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Name);
        MeshVmApp app = Assert.Single(run.OutputAs<MeshVmApp>());
        Assert.Equal(["10.0.0.1", "10.0.0.3"], app.WorkloadEntries.Select(entry => entry.Address));

        _mesh.ControlPlane.OnCall = (_, _) => Task.CompletedTask;
        app = Assert.Single(_mesh.Run($"{Vms} $vms | {New}").OutputAs<MeshVmApp>());
        Assert.Equal(3, app.WorkloadEntries.Count);
        Assert.Equal("10.0.0.2", app.WorkloadEntries.Single(entry => entry.Action == ChangeAction.Created).Address);
    }

    [Fact]
    public void Stop_WhileWriting_EndsWithinASecond()
    {
        _mesh.ControlPlane.OnCall = (call, token) => call.Verb == "create" ? Task.Delay(-1, token) : Task.CompletedTask;
        using RunningScript running = _mesh.Host.Start($"{Vms} $vms | {New}");
        running.WaitUntil(() => _mesh.ControlPlane.Calls.Any(call => call.Verb == "create"), "a create");

        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
    }

    private JsonObject? Entry(int number) =>
        _mesh.ControlPlane.Peek(KubernetesKind.WorkloadEntry, "hello", $"mesh-expansion-hello2-svc-{number}");

    private static void AssertSpec(string expected, JsonObject? item) =>
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), item?["spec"]), $"{item?["spec"]?.ToJsonString()}");
}
