using System.Management.Automation.Host;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What a screen of 80 columns must still show of names as long as the article's.</summary>
public sealed class NarrowScreenTests : IDisposable
{
    private const string Host = "hello3-svc.http-reciprocal-hello.svc.cluster.local";
    private static readonly MeshVm Vm = new() { Name = "vm1", Address = "192.168.100.170" };

    private readonly CmdletHost _host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void VmHostRecord_ShowsWhatWasDone() => Shows(
        new VmHostRecord { Vm = Vm, HostName = Host, IPAddress = "192.168.100.200", Action = ChangeAction.Unchanged, Resolves = ["192.168.100.200"] },
        "vm1", "Unchanged", "192.168.100.200");

    [Fact]
    public void WorkloadEntry_ShowsBothVersionsAndWhatWasDone() => Shows(
        new WorkloadEntry
        {
            Namespace = "http-reciprocal-hello",
            Name = "mesh-expansion-hello2-svc-1",
            ServiceName = "hello2-svc",
            Address = "192.168.100.170",
            Version = "new-version",
            PreviousVersion = "old-version",
            Action = ChangeAction.Updated,
        },
        "192.168.100.170", "new-version", "old-version", "Updated", "mesh-expansion-hello2-svc-1");

    [Fact]
    public void MeshPath_Failed_ShowsTheStageAndWhy() => Shows(
        new MeshPath
        {
            From = "hello1-deploy-a87b3921f0-75blr",
            Uri = new($"http://{Host}:8001/hello/eric"),
            Success = false,
            FailedStage = PathStage.HostsShadow,
            Detail = "hosts has 10.0.0.1 for it",
        },
        "hello1-deploy-a87b3921f0-75blr", "False", "HostsShadow", "hosts has 10.0.0.1");

    [Fact]
    public void MeshPath_Chain_ShowsEveryHop() => Shows(
        new MeshPath
        {
            From = "hello1-deploy-a87b3921f0-75blr",
            Uri = new($"http://{Host}:8001/hello/eric"),
            Success = true,
            StatusCode = 200,
            Hops = [Hop(HopKind.Pod, "v1"), Hop(HopKind.Vm, "v2"), Hop(HopKind.Pod, "v1")],
        },
        "True", "Pod v1 <- Vm v2 <- Pod v1");

    [Fact]
    public void TrafficShift_ShowsWeightsBeforeAndAfter() => Shows(
        new TrafficShift
        {
            Namespace = "http-reciprocal-hello",
            VirtualService = "hello2-vs",
            Route = "http-hello-route",
            RouteIndex = 0,
            Hosts = [Host],
            Match = "/hello*",
            Weights = [Weight("v1", 10), Weight("v2", 80), Weight("v3", 10)],
            PreviousWeights = [Weight("v1", 30), Weight("v2", 60), Weight("v3", 10)],
            Action = ChangeAction.Updated,
        },
        "http-reciprocal-hello/hello2-vs", "http-hello-route", "v2 80 %", "Updated", "30:60:10");

    private static TrafficWeight Weight(string version, int weight) => new()
    {
        Version = version,
        Subset = version,
        Host = Host,
        Labels = new Dictionary<string, string>(),
        Weight = weight,
        Percent = weight,
        Endpoints = 1,
    };

    private static MeshHop Hop(HopKind kind, string version) => new() { Greeting = "Hello", Kind = kind, Version = version };

    private void Shows(object item, params string[] parts)
    {
        _host.With("size", new Size(80, 50)).Expect("$Host.UI.RawUI.BufferSize = $size; $Host.UI.RawUI.WindowSize = $size");
        string text = _host.With("item", item).Render("$item");
        Assert.All(text.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }
}
