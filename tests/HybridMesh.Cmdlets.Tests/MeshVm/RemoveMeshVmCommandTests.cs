using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class RemoveMeshVmCommandTests : IDisposable
{
    private const string Vms = """
        $vms = 1..3 | ForEach-Object { @{ Name = "vm$_"; Address = "192.168.0.$(169 + $_)" } };
        """;
    private const string Remove = "Remove-MeshVm -DrainSec 0 -Confirm:$false";

    private readonly FakeMesh _mesh = new();
    private readonly FakeVmFiles _files = new();

    public RemoveMeshVmCommandTests()
    {
        _mesh.Vms.OnRun = _files.RunAsync;
        FakeScenario.Seed(_mesh.DataPlane, _mesh.ControlPlane);
        _mesh.Host.Expect(Vms + "$vms | Add-VmHostRecord hello3-svc; $vms | Start-VmApp hello2 -Image demo/hello:1");
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void LastEndpointOfASubset_IsRefusedBeforeAnything_NamingRouteSubsetAndRemedy()
    {
        string before = Everything();

        ScriptRun run = _mesh.Run($"$vms[0] | {Remove}");

        Assert.Equal(["VmInUse"], run.ErrorIds);
        string text = run.Errors[0].Exception.Message;
        Assert.Contains("VM 'vm1' (192.168.0.170) is the last endpoint of subset 'v1'", text, StringComparison.Ordinal);
        Assert.Contains("route 'http-hello-route' of VirtualService hello/hello2-vs gives it weight 30", text, StringComparison.Ordinal);
        Assert.Contains(
            "Set-TrafficShift -VirtualService hello2-vs -Route http-hello-route -Weight @{ v1 = 0; v2 = 86; v3 = 14 }",
            text, StringComparison.Ordinal);
        Assert.Equal("vm1", Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Name);
        Assert.Equal(before, Everything());
        Assert.Empty(run.Output);
    }

    [Fact]
    public void SubsetOfTwoVms_LetsOneGo_AndRefusesBothTogether()
    {
        SeedEntry("extra", "192.168.0.173", """{ "app": "hello-workload", "version": "v1" }""");

        ScriptRun both = _mesh.Run($"$vms[0], @{{ Name = 'vm4'; Address = '192.168.0.173' }} | {Remove}");
        ScriptRun one = _mesh.Run($"$vms[0] | {Remove}");

        Assert.Equal(["VmInUse", "VmInUse"], both.ErrorIds);
        Assert.Contains("together are the last endpoints", both.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(one.Errors);
        Assert.Equal(ChangeAction.Removed, Assert.Single(one.OutputAs<RemovedMeshVm>()).Action);
    }

    [Fact]
    public void RefusedVm_DoesNotKeepOthersFromGoing()
    {
        SeedEntry("extra", "192.168.0.173", """{ "app": "hello-workload", "version": "v2" }""");

        ScriptRun run = _mesh.Run($"$vms[0], $vms[1] | {Remove}");

        Assert.Equal(["VmInUse"], run.ErrorIds);
        Assert.Equal(["vm2"], run.OutputAs<RemovedMeshVm>().Select(vm => vm.Name));
    }

    [Fact]
    public async Task TcpRouteWithoutAlternative_IsRefusedToo_AndDrainWeightCannotHelp()
    {
        await _mesh.ControlPlane.DeleteAsync(KubernetesKind.VirtualService, "hello", "hello2-vs", null, false, default);
        _mesh.ControlPlane.Seed(KubernetesKind.VirtualService, """
            { "metadata": { "name": "tcp-vs", "namespace": "front" },
              "spec": { "tcp": [{ "route": [{ "destination": { "host": "hello2-svc.hello.svc.cluster.local", "subset": "v3" } }] }] } }
            """);

        ScriptRun run = _mesh.Run($"$vms[2] | {Remove} -Drain Weight");

        Assert.Equal(["VmInUse"], run.ErrorIds);
        Assert.Contains("route tcp[0] of VirtualService front/tcp-vs", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("or pass -Force", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Force_TakesEverythingAway_InOrder()
    {
        ScriptRun run = _mesh.Run($"$vms[0] | {Remove} -Force");

        Assert.Empty(run.Errors);
        RemovedMeshVm vm = Assert.Single(run.OutputAs<RemovedMeshVm>());
        Assert.Equal(
            ["Removed WorkloadEntry/mesh-expansion-hello2-svc-1", "Removed HostRecord/hello3-svc.hello.svc.cluster.local", "Removed App/hello2"],
            vm.Objects.Select(item => item.ToString()));
        Assert.Equal(("vm1", "hello"), (vm.Name, vm.Namespace));
        Assert.Equal("127.0.0.1 localhost\n", _files.Hosts["vm1"]);
        Assert.DoesNotContain(_files.Containers.Keys, key => key.Vm == "vm1");
        Assert.Equal(2, Entries().Count);
        Assert.Equal(
            ["patch", "delete"],
            _mesh.ControlPlane.Writes.Where(call => call.Kind == "WorkloadEntry").Select(call => call.Verb));
    }

    [Fact]
    public void DrainWeight_MovesWeightsOfBothRoutes_AndSaysThoseBefore()
    {
        RemovedMeshVm vm = Assert.Single(_mesh.Run($"$vms[0] | {Remove} -Drain Weight").OutputAs<RemovedMeshVm>());

        Assert.Equal([[0, 86, 14], [0, 50, 50]], Weights());
        Assert.Equal(["v1 30, v2 60, v3 10", "v1 90, v2 5, v3 5"], vm.PreviousWeights.Select(route => route.ToString()));
        Assert.Equal(["http-hello-route", "http-bye-route"], vm.PreviousWeights.Select(route => route.Route));
    }

    [Fact]
    public void DrainWeight_OfAllVms_IsRefused_BecauseNothingIsLeft()
    {
        string before = Everything();

        ScriptRun run = _mesh.Run($"$vms | {Remove} -Drain Weight");

        Assert.Equal(["VmInUse", "VmInUse", "VmInUse"], run.ErrorIds);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public void DrainNone_PatchesNothing()
    {
        _mesh.Host.Expect($"$vms[0] | {Remove} -Force -Drain None");

        Assert.DoesNotContain(_mesh.ControlPlane.Writes, call => call.Verb == "patch");
    }

    [Fact]
    public void SecondRun_IsUnchangedAndWritesNothing()
    {
        _mesh.Host.Expect($"$vms[0] | {Remove} -Force");
        (int api, int files) = (_mesh.ControlPlane.Writes.Count, _files.Writes);

        ScriptRun run = _mesh.Run($"$vms[0] | {Remove}");

        Assert.Empty(run.Errors);
        Assert.Equal(ChangeAction.Unchanged, Assert.Single(run.OutputAs<RemovedMeshVm>()).Action);
        Assert.Equal((api, files), (_mesh.ControlPlane.Writes.Count, _files.Writes));
    }

    [Fact]
    public void WhatIf_NamesEverything_AndChangesNothing()
    {
        string before = Everything();
        int writes = _files.Writes;

        ScriptRun run = _mesh.Run("$vms[0] | Remove-MeshVm -Drain Weight -WhatIf");

        Assert.Empty(run.Errors);
        Assert.Empty(run.Output);
        Assert.Equal(before, Everything());
        Assert.Equal(writes, _files.Writes);
        foreach (string part in new[]
        {
            "VirtualService hello/hello2-vs on the control plane", "v1 30, v2 60, v3 10 -> v1 0, v2 86, v3 14",
            "WorkloadEntry hello/mesh-expansion-hello2-svc-1 on the control plane",
            "take off labels app=hello-workload, wait 5 s, remove (made by kubectl)",
            "Remove 172.19.0.3", "App 'hello2' on VM 'vm1'",
        })
        {
            Assert.Contains(part, run.HostText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Confirm_AsksOncePerVm_AndNoLeavesItAsItIs()
    {
        string before = Everything();
        List<string> asked = [];
        _mesh.Host.Host.Choose = text =>
        {
            asked.Add(text);
            return 3; // No to all
        };

        ScriptRun run = _mesh.Run("$vms[0] | Remove-MeshVm -Force");

        Assert.Empty(run.Output);
        Assert.Equal(before, Everything());
        Assert.Contains("mesh-expansion-hello2-svc-1", Assert.Single(asked), StringComparison.Ordinal);
    }

    [Fact]
    public void AllVmsOfANewMeshVmApp_TakeItsServiceEntryAndServiceAlong()
    {
        SeedNamespaces();
        string before = Objects();
        _mesh.Host.Expect("$vms | New-MeshVmApp other-svc http:9001 -Label @{ app = 'other' }");

        IReadOnlyList<RemovedMeshVm> gone = [.. _mesh.Run($"$vms | {Remove} -Force").OutputAs<RemovedMeshVm>()];

        Assert.Equal(3, gone.Count);
        Assert.Contains("ServiceEntry/mesh-expansion-other-svc", string.Join(' ', gone.SelectMany(vm => vm.Objects)), StringComparison.Ordinal);
        Assert.Null(_mesh.DataPlane.Peek(KubernetesKind.Service, "hello", "other-svc"));
        Assert.Null(_mesh.ControlPlane.Peek(KubernetesKind.ServiceEntry, "hello", "mesh-expansion-other-svc"));
        Assert.NotNull(_mesh.ControlPlane.Peek(KubernetesKind.ServiceEntry, "hello", "mesh-expansion-hello2-svc"));
        Assert.Empty(Entries());
        Assert.NotEqual(before, Objects());
    }

    [Fact]
    public void OneVmOfANewMeshVmApp_LeavesTheApp()
    {
        SeedNamespaces();
        _mesh.Host.Expect("$vms | New-MeshVmApp other-svc http:9001 -Label @{ app = 'other' }");

        _mesh.Host.Expect($"$vms[0] | {Remove} -Force");

        Assert.NotNull(_mesh.DataPlane.Peek(KubernetesKind.Service, "hello", "other-svc"));
        Assert.NotNull(_mesh.ControlPlane.Peek(KubernetesKind.ServiceEntry, "hello", "mesh-expansion-other-svc"));
    }

    [Fact]
    public void FailureHalfWay_SaysWhatWasDone_AndASecondRunCompletesIt()
    {
        _mesh.ControlPlane.OnCall = (call, _) => call is { Verb: "delete", DryRun: false }
            ? Task.FromException(new MeshException(MeshErrorCode.ApiUnavailable, "The server answered 500."))
            : Task.CompletedTask;

        ScriptRun failed = _mesh.Run($"$vms[0] | {Remove} -Force");
        _mesh.ControlPlane.OnCall = (_, _) => Task.CompletedTask;
        ScriptRun again = _mesh.Run($"$vms[0] | {Remove}");

        Assert.Equal(["ApiUnavailable"], failed.ErrorIds);
        string text = failed.Errors[0].Exception.Message;
        Assert.Contains("Done: labels app=hello-workload taken off WorkloadEntry mesh-expansion-hello2-svc-1", text, StringComparison.Ordinal);
        Assert.Contains("Not done: remove WorkloadEntry mesh-expansion-hello2-svc-1, Remove 172.19.0.3", text, StringComparison.Ordinal);
        Assert.Empty(again.Errors);
        Assert.Equal(3, Assert.Single(again.OutputAs<RemovedMeshVm>()).Objects.Count);
        Assert.Equal(2, Entries().Count);
    }

    [Fact]
    public void FailureOnTheVm_SaysWhichStepWasNotDone()
    {
        _mesh.Vms.OnRun = (command, token) => (command.StandardInput ?? "").Contains("run stop", StringComparison.Ordinal)
            ? Task.FromResult(new CommandResult(1, "runtime docker\n", "the daemon is down"))
            : _files.RunAsync(command, token);

        ScriptRun run = _mesh.Run($"$vms[0] | {Remove} -Force");

        string text = Assert.Single(run.Errors).Exception.Message;
        Assert.Contains("Removed HostRecord/", text, StringComparison.Ordinal);
        Assert.Contains("Not done: Stop image 'demo/hello:1' and remove its container.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void UnreachableVm_IsAnErrorBeforeAnythingChanges_AndSkipUnreachableLetsTheMeshForgetIt()
    {
        string before = Everything();
        _mesh.Vms.ConnectFailures["vm1"] = new MeshException(MeshErrorCode.VmUnreachable, "VM 'vm1' refused port 22.");

        ScriptRun refused = _mesh.Run($"$vms[0] | {Remove} -Force");
        string between = Everything();
        ScriptRun skipped = _mesh.Run($"$vms[0] | {Remove} -Force -SkipUnreachable");

        Assert.Equal(["VmUnreachable"], refused.ErrorIds);
        Assert.Equal(before, between);
        Assert.Empty(skipped.Errors);
        Assert.Contains("what is on it stays", Assert.Single(skipped.Warnings), StringComparison.Ordinal);
        Assert.Contains("refused port 22", Assert.Single(skipped.OutputAs<RemovedMeshVm>()).Left, StringComparison.Ordinal);
        Assert.Equal(2, Entries().Count);
        Assert.Contains("hello3-svc", _files.Hosts["vm1"], StringComparison.Ordinal);
    }

    [Fact]
    public void KeepApp_AndAppName_LimitWhatIsStopped()
    {
        _mesh.Host.Expect("$vms | Start-VmApp other -Image demo/other:1");

        _mesh.Host.Expect($"$vms[0] | {Remove} -Force -KeepApp; $vms[1] | {Remove} -Force -AppName hel*");

        Assert.Equal(
            [("vm1", "hello2"), ("vm1", "other"), ("vm2", "other")],
            _files.Containers.Keys.Where(key => key.Vm != "vm3").Order());
    }

    [Fact]
    public void SameAddressInAnotherNetwork_IsAnotherVm()
    {
        SeedEntry("far", "192.168.0.170", """{ "app": "far" }""", "net2");

        _mesh.Host.Expect($"@{{ Name = 'vm1'; Address = '192.168.0.170'; Network = 'net1' }} | {Remove} -Force");

        Assert.NotNull(_mesh.ControlPlane.Peek(KubernetesKind.WorkloadEntry, "hello", "far"));
        Assert.Equal(3, Entries().Count);
    }

    // Two groups, or a reboot within the grace period, leave several entries of one address (istio#43950, #44113).
    [Fact]
    public void SeveralEntriesOfOneAddress_AllGo_WhoeverMadeThem()
    {
        SeedEntry("group-192.168.0.170", "192.168.0.170", """{ "app": "other" }""");
        SeedEntry("group-192.168.0.170-net1", "192.168.0.170", """{ "app": "third" }""", "net1");

        RemovedMeshVm vm = Assert.Single(_mesh.Run($"$vms[0] | {Remove} -Force").OutputAs<RemovedMeshVm>());

        Assert.Equal(3, vm.Objects.Count(item => item.Kind == "WorkloadEntry"));
        Assert.Equal(2, Entries().Count);
    }

    // istiod makes an auto-registered entry anew as long as its sidecar is connected.
    [Fact]
    public void EntryThatComesBack_IsAnError_NotASuccess()
    {
        _mesh.ControlPlane.OnCall = (call, _) =>
        {
            if (call is { Verb: "find", Kind: "WorkloadEntry" })
            {
                SeedEntry(call.Name!, "192.168.0.170", "{}");
            }

            return Task.CompletedTask;
        };

        ScriptRun run = _mesh.Run($"$vms[0] | {Remove} -Force");

        Assert.Equal(["ReadBackMismatch"], run.ErrorIds);
        Assert.Contains("is there again, made by kubectl", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void DeadVmOfAList_WithoutSsh_IsFoundByItsAddressAlone()
    {
        _mesh.Vms.ConnectFailures["192.168.0.172"] = new MeshException(MeshErrorCode.VmUnreachable, "No route.");

        ScriptRun run = _mesh.Run(
            $"Get-WorkloadEntry -Address 192.168.0.172 | ForEach-Object {{ @{{ Address = $_.Address }} }} | "
            + $"{Remove} -Force -SkipUnreachable");

        Assert.Empty(run.Errors);
        Assert.Equal(2, Entries().Count);
    }

    [Fact]
    public void SidecarsOfThePipeline_BringTheirVm_AlsoWithoutNamespace()
    {
        _mesh.Host.With("sidecar", new VmSidecar
        {
            Vm = new MeshVm { Name = "vm1", Address = FakeScenario.Vm(1) },
            State = SidecarState.Absent,
        });

        Assert.Single(_mesh.Host.Expect($"$sidecar | {Remove} -Force"));
        Assert.Equal(2, Entries().Count);
        Assert.NotEmpty(_mesh.Run($"$sidecar | {Remove} -Force -Namespace ''").Errors);
    }

    [Fact]
    public void Result_IsTheVm_SoThatItGoesIntoTheNextCommand()
    {
        IEnumerable<RemovedMeshVm> gone = _mesh.Run($"$gone = $vms[0] | {Remove} -Force; $gone").OutputAs<RemovedMeshVm>();

        Assert.IsAssignableFrom<MeshVm>(Assert.Single(gone));
        Assert.Equal("vm1", Assert.Single(_mesh.Host.Expect("$gone | Start-VmApp x1 -Image demo/x:1")).Properties["VmName"].Value);
    }

    [Fact]
    public void Result_IsATableOfItsOwn()
    {
        string text = _mesh.Host.Render($"$vms[0] | {Remove} -Force");

        Assert.Matches(@"Name +Address +Namespace +Action +Objects", text);
        Assert.Matches(@"vm1 +192.168.0.170 +hello +Removed +WorkloadEntry, HostRecord, App", text);
    }

    [Fact]
    public void Stop_WhileDraining_EndsWithinASecond_AndPutsTheLabelsBack()
    {
        using RunningScript running = _mesh.Host.Start("$vms[0] | Remove-MeshVm -Force -DrainSec 600 -Confirm:$false");
        running.WaitUntil(() => _mesh.ControlPlane.Writes.Any(call => call.Verb == "patch"), "the drain");

        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);

        Assert.Equal("hello-workload", Entries()[0]["spec"]!["labels"]!["app"]!.GetValue<string>());
        Assert.Contains("hello3-svc", _files.Hosts["vm1"], StringComparison.Ordinal);
    }

    private void SeedNamespaces()
    {
        _mesh.DataPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.ControlPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
    }

    private void SeedEntry(string name, string address, string labels, string network = "") =>
        _mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, $$$"""
            { "metadata": { "name": "{{{name}}}", "namespace": "hello" },
              "spec": { "address": "{{{address}}}", "network": "{{{network}}}", "labels": {{{labels}}} } }
            """);

    private List<JsonObject> Entries() =>
        [.. _mesh.ControlPlane.ListAsync(KubernetesKind.WorkloadEntry, "hello", null, default).ToBlockingEnumerable()];

    private int[][] Weights() =>
    [
        .. _mesh.ControlPlane.Peek(KubernetesKind.VirtualService, "hello", "hello2-vs")!["spec"]!["http"]!.AsArray()
            .Select(route => route!["route"]!.AsArray().Select(item => item!["weight"]!.GetValue<int>()).ToArray()),
    ];

    private string Objects() => string.Join('\n',
        new[] { KubernetesKind.WorkloadEntry, KubernetesKind.ServiceEntry, KubernetesKind.Service, KubernetesKind.VirtualService }
            .SelectMany(kind => new[] { _mesh.DataPlane, _mesh.ControlPlane }.SelectMany(
                api => api.ListAsync(kind, null, null, default).ToBlockingEnumerable().Select(item => item.ToJsonString()))));

    private string Everything() => Objects() + string.Join('\n', _files.Hosts.OrderBy(pair => pair.Key))
        + string.Join('\n', _files.Containers.Keys.Order());
}
