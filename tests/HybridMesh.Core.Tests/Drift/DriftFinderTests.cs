using System.Diagnostics;
using System.Globalization;
using HybridMesh.Testing;

namespace HybridMesh.Core.Tests;

public sealed class DriftFinderTests
{
    private readonly FakeKubernetesApi _plane = new();

    // Comparing every entry with every other, or with every service, would take minutes.
    [Fact]
    public async Task FindInMesh_TenThousandEntries_IsNotQuadratic()
    {
        const int Count = 10_000;
        _plane.Seed(KubernetesKind.ServiceEntry, """
            {"metadata":{"name":"se","namespace":"hello"},
             "spec":{"hosts":["svc.hello.svc.cluster.local"],"ports":[{"name":"http","number":80}],"workloadSelector":{"labels":{"app":"a"}}}}
            """);
        for (int i = 0; i < Count; i++)
        {
            _plane.Seed(KubernetesKind.WorkloadEntry, string.Create(CultureInfo.InvariantCulture, $$$"""
                {"metadata":{"name":"e{{{i}}}","namespace":"hello"},
                 "spec":{"address":"10.{{{i >> 16}}}.{{{(i >> 8) & 255}}}.{{{i & 255}}}","ports":{"http":80},"labels":{"app":"a","version":"v{{{i % 3}}}"} } }
                """));
        }

        _plane.Seed(KubernetesKind.WorkloadEntry, """
            {"metadata":{"name":"twice","namespace":"hello"},"spec":{"address":"10.0.0.7","labels":{"app":"a"}}}
            """);
        MeshVm[] vms = [.. Enumerable.Range(0, Count).Select(i => new MeshVm
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"vm{i}"),
            Address = string.Create(CultureInfo.InvariantCulture, $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}"),
            Version = string.Create(CultureInfo.InvariantCulture, $"v{i % 3}"),
        })];
        Stopwatch watch = Stopwatch.StartNew();

        DriftFinder finder = await OpenAsync(new DriftRequest { Namespace = "hello", Vms = vms });
        MeshDrift[] inMesh = [.. finder.FindInMesh()];
        MeshDrift[] ofVms = [.. finder.FindOfSilentVms()];

        Assert.Equal((DriftKind.DuplicateAddress, "e7, twice"), (Assert.Single(inMesh).Kind, inMesh[0].Actual!));
        Assert.Equal("twice", Assert.Single(ofVms).Name);
        // A hundred million comparisons take longer than this even on a fast machine; ten thousand take a second.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task OpenAsync_WithoutRights_ComparesTheRest()
    {
        _plane.Seed(KubernetesKind.WorkloadEntry, """{"metadata":{"name":"e","namespace":"hello"},"spec":{"address":"10.0.0.7"}}""");
        _plane.OnCall = (call, _) => call.Kind is "Service" or "ConfigMap"
            ? throw new MeshException(MeshErrorCode.Forbidden, $"You may not read {call.Kind}.") : Task.CompletedTask;
        List<string> verbose = [];

        DriftFinder finder = await OpenAsync(new DriftRequest { Namespace = "hello" }, verbose.Add);

        Assert.Equal(DriftKind.EntryNotSelected, Assert.Single(finder.FindInMesh()).Kind);
        Assert.Contains(verbose, text => text.Contains("You may not read ConfigMap.", StringComparison.Ordinal));
    }

    private Task<DriftFinder> OpenAsync(DriftRequest request, Action<string>? verbose = null)
    {
        MeshPlaneStatus status = new() { Server = _plane.Server, Context = "fake", Reachable = true };
        MeshConnection connection = new() { Id = Guid.NewGuid(), Namespace = "hello", DataPlane = status, ControlPlane = status };
        return DriftFinder.OpenAsync(
            new MeshSession(connection, _plane, _plane, asm: null), request, TimeProvider.System, verbose ?? (_ => { }),
            CancellationToken.None);
    }
}
