using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>VMs that routes still need: refused, or their weights moved first.</summary>
public sealed class RemoveMeshVmRouteTests : OnboardedVmTests
{
    [Fact]
    public void LastEndpointOfASubset_IsRefusedBeforeAnything_NamingRouteSubsetAndRemedy()
    {
        string before = Everything();

        ScriptRun run = Mesh.Run($"$vms[0] | {Remove}");

        Assert.Equal(["VmInUse"], run.ErrorIds);
        string text = run.Errors[0].Exception.Message;
        Assert.Contains("VM 'vm1' (192.168.0.170) is the last endpoint of subset 'v1'", text, StringComparison.Ordinal);
        Assert.Contains(
            "route 'http-hello-route' of VirtualService hello/hello2-vs gives it weight 30",
            text, StringComparison.Ordinal);
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

        ScriptRun both = Mesh.Run($"$vms[0], @{{ Name = 'vm4'; Address = '192.168.0.173' }} | {Remove}");
        ScriptRun one = Mesh.Run($"$vms[0] | {Remove}");

        Assert.Equal(["VmInUse", "VmInUse"], both.ErrorIds);
        Assert.Contains("together are the last endpoints", both.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(one.Errors);
        Assert.Equal(ChangeAction.Removed, Assert.Single(one.OutputAs<RemovedMeshVm>()).Action);
    }

    [Fact]
    public void RefusedVm_DoesNotKeepOthersFromGoing()
    {
        SeedEntry("extra", "192.168.0.173", """{ "app": "hello-workload", "version": "v2" }""");

        ScriptRun run = Mesh.Run($"$vms[0], $vms[1] | {Remove}");

        Assert.Equal(["VmInUse"], run.ErrorIds);
        Assert.Equal(["vm2"], run.OutputAs<RemovedMeshVm>().Select(vm => vm.Name));
    }

    [Fact]
    public async Task TcpRouteWithoutAlternative_IsRefusedToo_AndDrainWeightCannotHelp()
    {
        await Mesh.ControlPlane.DeleteAsync(KubernetesKind.VirtualService, "hello", "hello2-vs", null, false, default);
        Mesh.ControlPlane.Seed(KubernetesKind.VirtualService, """
            { "metadata": { "name": "tcp-vs", "namespace": "front" },
              "spec": { "tcp": [{ "route": [
                { "destination": { "host": "hello2-svc.hello.svc.cluster.local", "subset": "v3" } }] }] } }
            """);

        ScriptRun run = Mesh.Run($"$vms[2] | {Remove} -Drain Weight");

        Assert.Equal(["VmInUse"], run.ErrorIds);
        Assert.Contains(
            "route tcp[0] of VirtualService front/tcp-vs", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("or pass -Force", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DrainWeight_MovesWeightsOfBothRoutes_AndSaysThoseBefore()
    {
        RemovedMeshVm vm = Assert.Single(Mesh.Run($"$vms[0] | {Remove} -Drain Weight").OutputAs<RemovedMeshVm>());

        Assert.Equal([[0, 86, 14], [0, 50, 50]], Weights());
        Assert.Equal(
            ["v1 30, v2 60, v3 10", "v1 90, v2 5, v3 5"], vm.PreviousWeights.Select(route => route.ToString()));
        Assert.Equal(["http-hello-route", "http-bye-route"], vm.PreviousWeights.Select(route => route.Route));
    }

    [Fact]
    public void DrainWeight_OfAllVms_IsRefused_BecauseNothingIsLeft()
    {
        string before = Everything();

        ScriptRun run = Mesh.Run($"$vms | {Remove} -Drain Weight");

        Assert.Equal(["VmInUse", "VmInUse", "VmInUse"], run.ErrorIds);
        Assert.Equal(before, Everything());
    }

    [Fact]
    public void DrainNone_PatchesNothing()
    {
        Mesh.Host.Expect($"$vms[0] | {Remove} -Force -Drain None");

        Assert.DoesNotContain(Mesh.ControlPlane.Writes, call => call.Verb == "patch");
    }

    private int[][] Weights() =>
    [
        .. Mesh.ControlPlane.Peek(KubernetesKind.VirtualService, "hello", "hello2-vs")!["spec"]!["http"]!.AsArray()
            .Select(route => route!["route"]!.AsArray().Select(item => item!["weight"]!.GetValue<int>()).ToArray()),
    ];
}
