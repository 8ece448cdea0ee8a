using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class SetWorkloadEntryVersionCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public SetWorkloadEntryVersionCommandTests()
    {
        _mesh.ControlPlane.Seed(KubernetesKind.ServiceEntry, """
            { "metadata": { "name": "se", "namespace": "hello" },
              "spec": { "hosts": ["hello2-svc.hello.svc.cluster.local"], "workloadSelector": { "labels": { "app": "a" } } } }
            """);
        Seed("e1", "10.0.0.1", """{ "app": "a" }""");
        Seed("e2", "10.0.0.2", """{ "app": "a", "version": "v1" }""");
        _mesh.Host.With("vm", new MeshVm { Name = "vm1", Address = "10.0.0.1", Version = "v1" });
    }

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("$vm | Set-WorkloadEntryVersion")]
    [InlineData("[pscustomobject]@{ Address = '10.0.0.1'; Version = 'v1' } | Set-WorkloadEntryVersion")]
    [InlineData("@{ Address = '10.0.0.1'; Version = 'v1' } | Set-WorkloadEntryVersion")]
    [InlineData("$vm | Set-WorkloadEntryVersion -ServiceName hello2-svc -Version v1")]
    [InlineData("$vm | Set-WorkloadEntryVersion -Version { $_.Version }")]
    [InlineData("@{ Address = '10.0.0.1'; V = '1' } | Set-WorkloadEntryVersion -Version { \"v$($_.V)\" }")]
    [InlineData("'10.0.0.1' | Set-WorkloadEntryVersion v1")]
    [InlineData("Get-WorkloadEntry -Address 10.0.0.1 | Set-WorkloadEntryVersion -Version v1")]
    [InlineData("Set-WorkloadEntryVersion -InputObject $vm")]
    public void Version_FromWhereverItIs_IsPatchedOntoTheEntry(string script)
    {
        ScriptRun run = _mesh.Run(script);

        Assert.Empty(run.Errors);
        WorkloadEntry entry = Assert.Single(run.OutputAs<WorkloadEntry>());
        Assert.Equal(("e1", "v1", null, ChangeAction.Updated, "hello2-svc"),
            (entry.Name, entry.Version, entry.PreviousVersion, entry.Action, entry.ServiceName));
        Assert.Equal("""{"app":"a","version":"v1"}""", Labels("e1"));
        Assert.Single(_mesh.ControlPlane.Writes);
    }

    [Fact]
    public void Change_OfAVersion_GivesThePreviousOne_AndTheSecondRunIsUnchanged()
    {
        WorkloadEntry entry = Assert.Single(
            _mesh.Run("'10.0.0.2' | Set-WorkloadEntryVersion v2").OutputAs<WorkloadEntry>());
        Assert.Equal(("v2", "v1", ChangeAction.Updated), (entry.Version, entry.PreviousVersion, entry.Action));

        entry = Assert.Single(_mesh.Run("'10.0.0.2' | Set-WorkloadEntryVersion v2").OutputAs<WorkloadEntry>());
        Assert.Equal(("v2", null, ChangeAction.Unchanged), (entry.Version, entry.PreviousVersion, entry.Action));
        Assert.Single(_mesh.ControlPlane.Writes);
    }

    [Fact]
    public void WhatIf_ShowsTheChange_AndWritesNothing()
    {
        ScriptRun run = _mesh.Run("'10.0.0.2' | Set-WorkloadEntryVersion v2 -WhatIf");

        Assert.Contains("version: v1 -> v2", run.HostText, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Empty(_mesh.ControlPlane.Writes);
        Assert.Contains(_mesh.ControlPlane.Calls, call => call is { Verb: "patch", DryRun: true });
    }

    [Fact]
    public void Address_OfTwoEntries_IsAmbiguousNamingBoth()
    {
        Seed("other", "10.0.0.1", """{ "app": "b" }""");

        ScriptRun run = _mesh.Run("$vm | Set-WorkloadEntryVersion");

        Assert.Equal("Ambiguous,HybridMesh.Cmdlets.SetWorkloadEntryVersionCommand", Assert.Single(run.Errors).FullyQualifiedErrorId);
        Assert.Contains("e1 and other", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("vm1", Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Name);
        Assert.Empty(_mesh.ControlPlane.Writes);
        Assert.Empty(_mesh.Run("$vm | Set-WorkloadEntryVersion -ServiceName hello2-svc").Errors);
    }

    [Fact]
    public void Address_OfNoEntry_NamesNewMeshVmApp_AndTheRestGoOn()
    {
        ScriptRun run = _mesh.Run("'10.9.9.9', '10.0.0.1' | Set-WorkloadEntryVersion v1");

        Assert.Equal(["ObjectNotFound"], run.ErrorIds);
        Assert.Contains("New-MeshVmApp", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("10.9.9.9", run.Errors[0].TargetObject);
        Assert.Equal("e1", Assert.Single(run.OutputAs<WorkloadEntry>()).Name);
    }

    [Theory]
    [InlineData("'10.0.0.1' | Set-WorkloadEntryVersion")]
    [InlineData("'10.0.0.1' | Set-WorkloadEntryVersion 'v 1'")]
    [InlineData("'10.0.0.1' | Set-WorkloadEntryVersion -Version v1.")]
    public void Version_MissingOrNoLabel_IsTold(string script)
    {
        Assert.Equal(["ArgumentInvalid"], _mesh.Run(script).ErrorIds);
        Assert.Empty(_mesh.ControlPlane.Writes);
    }

    [Fact]
    public void OtherWriters_BetweenReadAndPatch_KeepTheirFields()
    {
        bool changed = false;
        _mesh.ControlPlane.OnCall = async (call, token) =>
        {
            if (call.Verb == "patch" && !changed)
            {
                changed = true;
                await _mesh.ControlPlane.MergePatchAsync(
                    KubernetesKind.WorkloadEntry, "hello", "e1",
                    (JsonObject)JsonNode.Parse("""{ "spec": { "weight": 7, "labels": { "by": "kubectl" } } }""")!,
                    "kubectl", dryRun: false, token);
            }
        };

        WorkloadEntry entry = Assert.Single(_mesh.Run("$vm | Set-WorkloadEntryVersion").OutputAs<WorkloadEntry>());

        Assert.Equal(7, entry.Weight);
        Assert.Equal("""{"app":"a","by":"kubectl","version":"v1"}""", Labels("e1"));
    }

    [Fact]
    public void Conflicts_OfTheServer_AreRetried()
    {
        int left = 3;
        _mesh.ControlPlane.OnCall = (call, _) => call.Verb == "patch" && left-- > 0
            ? throw new MeshException(MeshErrorCode.Conflict, "busy") : Task.CompletedTask;

        Assert.Empty(_mesh.Run("$vm | Set-WorkloadEntryVersion").Errors);
        Assert.Equal("""{"app":"a","version":"v1"}""", Labels("e1"));
    }

    [Fact]
    public void ManyVms_ListTheEntriesOnce()
    {
        for (int i = 10; i < 60; i++)
        {
            Seed($"m{i}", $"10.0.1.{i}", """{ "app": "a" }""");
        }

        ScriptRun run = _mesh.Run("10..59 | ForEach-Object { \"10.0.1.$_\" } | Set-WorkloadEntryVersion v1");

        Assert.Empty(run.Errors);
        Assert.Equal(Enumerable.Range(10, 50).Select(i => $"m{i}"), run.OutputAs<WorkloadEntry>().Select(e => e.Name));
        Assert.Single(_mesh.ControlPlane.Calls, call => call is { Verb: "list", Kind: "WorkloadEntry" });
    }

    [Fact]
    public void Stop_WhilePatching_EndsWithinASecond()
    {
        _mesh.ControlPlane.OnCall = (call, token) => call.Verb == "patch" ? Task.Delay(-1, token) : Task.CompletedTask;
        using RunningScript running = _mesh.Host.Start("$vm | Set-WorkloadEntryVersion");
        running.WaitUntil(() => _mesh.ControlPlane.Calls.Any(call => call.Verb == "patch"), "a patch");

        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
    }

    private void Seed(string name, string address, string labels) => _mesh.ControlPlane.Seed(
        KubernetesKind.WorkloadEntry,
        $$"""
        { "metadata": { "name": "{{name}}", "namespace": "hello" },
          "spec": { "address": "{{address}}", "labels": {{labels}} } }
        """);

    private string Labels(string name) =>
        _mesh.ControlPlane.Peek(KubernetesKind.WorkloadEntry, "hello", name)!["spec"]!["labels"]!.ToJsonString();
}
