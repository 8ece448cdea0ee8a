using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What goes and what stays when VMs leave the mesh.</summary>
public sealed class RemoveMeshVmCommandTests : OnboardedVmTests
{
    [Fact]
    public void Force_TakesEverythingAway_InOrder()
    {
        ScriptRun run = Mesh.Run($"$vms[0] | {Remove} -Force");

        Assert.Empty(run.Errors);
        RemovedMeshVm vm = Assert.Single(run.OutputAs<RemovedMeshVm>());
        Assert.Equal(
            [
                "Removed WorkloadEntry/mesh-expansion-hello2-svc-1",
                "Removed HostRecord/hello3-svc.hello.svc.cluster.local", "Removed App/hello2",
            ],
            vm.Objects.Select(item => item.ToString()));
        Assert.Equal(("vm1", "hello"), (vm.Name, vm.Namespace));
        Assert.Equal("127.0.0.1 localhost\n", Files.Hosts["vm1"]);
        Assert.DoesNotContain(Files.Containers.Keys, key => key.Vm == "vm1");
        Assert.Equal(2, Entries().Count);
        Assert.Equal(
            ["patch", "delete"],
            Mesh.ControlPlane.Writes.Where(call => call.Kind == "WorkloadEntry").Select(call => call.Verb));
    }

    [Fact]
    public void SecondRun_IsUnchangedAndWritesNothing()
    {
        Mesh.Host.Expect($"$vms[0] | {Remove} -Force");
        (int api, int files) = (Mesh.ControlPlane.Writes.Count, Files.Writes);

        ScriptRun run = Mesh.Run($"$vms[0] | {Remove}");

        Assert.Empty(run.Errors);
        Assert.Equal(ChangeAction.Unchanged, Assert.Single(run.OutputAs<RemovedMeshVm>()).Action);
        Assert.Equal((api, files), (Mesh.ControlPlane.Writes.Count, Files.Writes));
    }

    [Fact]
    public void WhatIf_NamesEverything_AndChangesNothing()
    {
        string before = Everything();
        int writes = Files.Writes;

        ScriptRun run = Mesh.Run("$vms[0] | Remove-MeshVm -Drain Weight -WhatIf");

        Assert.Empty(run.Errors);
        Assert.Empty(run.Output);
        Assert.Equal(before, Everything());
        Assert.Equal(writes, Files.Writes);
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
        Mesh.Host.Host.Choose = text =>
        {
            asked.Add(text);
            return 3; // No to all
        };

        ScriptRun run = Mesh.Run("$vms[0] | Remove-MeshVm -Force");

        Assert.Empty(run.Output);
        Assert.Equal(before, Everything());
        Assert.Contains("mesh-expansion-hello2-svc-1", Assert.Single(asked), StringComparison.Ordinal);
    }

    [Fact]
    public void AllVmsOfANewMeshVmApp_TakeItsServiceEntryAndServiceAlong()
    {
        SeedNamespaces();
        string before = Objects();
        Mesh.Host.Expect("$vms | New-MeshVmApp other-svc http:9001 -Label @{ app = 'other' }");

        IReadOnlyList<RemovedMeshVm> gone = [.. Mesh.Run($"$vms | {Remove} -Force").OutputAs<RemovedMeshVm>()];

        Assert.Equal(3, gone.Count);
        Assert.Contains(
            "ServiceEntry/mesh-expansion-other-svc",
            string.Join(' ', gone.SelectMany(vm => vm.Objects)), StringComparison.Ordinal);
        Assert.Null(Mesh.DataPlane.Peek(KubernetesKind.Service, "hello", "other-svc"));
        Assert.Null(Mesh.ControlPlane.Peek(KubernetesKind.ServiceEntry, "hello", "mesh-expansion-other-svc"));
        Assert.NotNull(Mesh.ControlPlane.Peek(KubernetesKind.ServiceEntry, "hello", "mesh-expansion-hello2-svc"));
        Assert.Empty(Entries());
        Assert.NotEqual(before, Objects());
    }

    [Fact]
    public void OneVmOfANewMeshVmApp_LeavesTheApp()
    {
        SeedNamespaces();
        Mesh.Host.Expect("$vms | New-MeshVmApp other-svc http:9001 -Label @{ app = 'other' }");

        Mesh.Host.Expect($"$vms[0] | {Remove} -Force");

        Assert.NotNull(Mesh.DataPlane.Peek(KubernetesKind.Service, "hello", "other-svc"));
        Assert.NotNull(Mesh.ControlPlane.Peek(KubernetesKind.ServiceEntry, "hello", "mesh-expansion-other-svc"));
    }

    [Fact]
    public void KeepApp_AndAppName_LimitWhatIsStopped()
    {
        Mesh.Host.Expect("$vms | Start-VmApp other -Image demo/other:1");

        Mesh.Host.Expect($"$vms[0] | {Remove} -Force -KeepApp; $vms[1] | {Remove} -Force -AppName hel*");

        Assert.Equal(
            [("vm1", "hello2"), ("vm1", "other"), ("vm2", "other")],
            Files.Containers.Keys.Where(key => key.Vm != "vm3").Order());
    }

    [Fact]
    public void SameAddressInAnotherNetwork_IsAnotherVm()
    {
        SeedEntry("far", "192.168.0.170", """{ "app": "far" }""", "net2");

        Mesh.Host.Expect($"@{{ Name = 'vm1'; Address = '192.168.0.170'; Network = 'net1' }} | {Remove} -Force");

        Assert.NotNull(Mesh.ControlPlane.Peek(KubernetesKind.WorkloadEntry, "hello", "far"));
        Assert.Equal(3, Entries().Count);
    }

    // Two groups, or a reboot within the grace period, leave several entries of one address (istio#43950, #44113).
    [Fact]
    public void SeveralEntriesOfOneAddress_AllGo_WhoeverMadeThem()
    {
        SeedEntry("group-192.168.0.170", "192.168.0.170", """{ "app": "other" }""");
        SeedEntry("group-192.168.0.170-net1", "192.168.0.170", """{ "app": "third" }""", "net1");

        RemovedMeshVm vm = Assert.Single(Mesh.Run($"$vms[0] | {Remove} -Force").OutputAs<RemovedMeshVm>());

        Assert.Equal(3, vm.Objects.Count(item => item.Kind == "WorkloadEntry"));
        Assert.Equal(2, Entries().Count);
    }

    [Fact]
    public void SidecarsOfThePipeline_BringTheirVm_AlsoWithoutNamespace()
    {
        Mesh.Host.With("sidecar", new VmSidecar
        {
            Vm = new MeshVm { Name = "vm1", Address = FakeScenario.Vm(1) },
            State = SidecarState.Absent,
        });

        Assert.Single(Mesh.Host.Expect($"$sidecar | {Remove} -Force"));
        Assert.Equal(2, Entries().Count);
        Assert.NotEmpty(Mesh.Run($"$sidecar | {Remove} -Force -Namespace ''").Errors);
    }

    [Fact]
    public void Result_IsTheVm_SoThatItGoesIntoTheNextCommand()
    {
        IEnumerable<RemovedMeshVm> gone =
            Mesh.Run($"$gone = $vms[0] | {Remove} -Force; $gone").OutputAs<RemovedMeshVm>();

        Assert.IsAssignableFrom<MeshVm>(Assert.Single(gone));
        Assert.Equal(
            "vm1",
            Assert.Single(Mesh.Host.Expect("$gone | Start-VmApp x1 -Image demo/x:1")).Properties["VmName"].Value);
    }

    [Fact]
    public void Result_IsATableOfItsOwn()
    {
        string text = Mesh.Host.Render($"$vms[0] | {Remove} -Force");

        Assert.Matches(@"Name +Address +Namespace +Action +Objects", text);
        Assert.Matches(@"vm1 +192.168.0.170 +hello +Removed +WorkloadEntry, HostRecord, App", text);
    }

    private void SeedNamespaces()
    {
        Mesh.DataPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        Mesh.ControlPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
    }
}
