using System.Management.Automation;
using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>The fake scenario for commands that set weights.</summary>
internal sealed class ShiftMesh : IDisposable
{
    public ShiftMesh(bool withVersions = true) => FakeScenario.Seed(Mesh.DataPlane, Mesh.ControlPlane, withVersions);

    public FakeMesh Mesh { get; } = new();

    public FakeKubernetesApi Control => Mesh.ControlPlane;

    public JsonObject VirtualService => Control.Peek(KubernetesKind.VirtualService, "hello", "hello2-vs")!;

    /// <summary>
    /// Whether a shift is under way: its first requests, which look whether anybody answers, come before that.
    /// </summary>
    public bool IsShifting => TrafficShiftMarker.Find(VirtualService) is not null;

    /// <summary>The weights of an http route of hello2-vs as stored.</summary>
    public IReadOnlyList<int> Weights(int route = 0) =>
        [.. VirtualService["spec"]!["http"]![route]!["route"]!.AsArray().Select(item => (int?)item!["weight"] ?? 0)];

    /// <summary>The weights of a route by name; null when there is no such route.</summary>
    public IReadOnlyList<int>? WeightsOf(string route)
    {
        JsonArray routes = VirtualService["spec"]!["http"]!.AsArray();
        int place = routes.ToList().FindIndex(item => (string?)item!["name"] == route);
        return place < 0 ? null : Weights(place);
    }

    public IReadOnlyList<T> Expect<T>(string script) => [.. Mesh.Host.Expect(script).Select(item => (T)item.BaseObject)];

    public ErrorRecord Fails(string script) => Assert.Single(Mesh.Run(script).Errors);

    /// <summary>Changes hello2-vs as somebody else would.</summary>
    public void Edit(Action<JsonObject> edit)
    {
        JsonObject item = VirtualService;
        edit(item);
        Control.OverwriteAs("kubectl-edit", KubernetesKind.VirtualService, item);
    }

    /// <summary>
    /// Lets requests be answered as the stored weights of the first route say: evenly spread, so that no run differs from
    /// another.
    /// </summary>
    public FakeLoadGenerator Load()
    {
        FakeLoadGenerator load = new();
        load.OnRequest = i => new FakeAnswer(FakeScenario.Chain(VersionOf(i, Weights())));
        Mesh.Runtime.Load = load;
        return load;
    }

    /// <summary>Leaves hello2-vs as a shift leaves it that is killed while it measures a step.</summary>
    public void CutOff(FakeLoadGenerator load, string invoke, int step)
    {
        JsonObject? left = null;
        load.BeforeAnswer = (_, _) =>
        {
            left = TrafficShiftMarker.Find(VirtualService)?.Step == step ? VirtualService : left;
            return Task.CompletedTask;
        };
        Mesh.Run(invoke);
        load.BeforeAnswer = (_, _) => Task.CompletedTask;
        Control.OverwriteAs("hybridmesh-weights", KubernetesKind.VirtualService, left!);
    }

    /// <summary>The version, from 1 on, that gives the i-th answer.</summary>
    public static int VersionOf(int i, IReadOnlyList<int> weights)
    {
        double place = i * 0.6180339887498949 % 1 * weights.Sum();
        int version = 0;
        while (place >= weights[version])
        {
            place -= weights[version++];
        }

        return version + 1;
    }

    public void Dispose() => Mesh.Dispose();
}
