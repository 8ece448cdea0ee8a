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

    /// <summary>The weights of an http route of hello2-vs as stored.</summary>
    public IReadOnlyList<int> Weights(int route = 0) =>
        [.. VirtualService["spec"]!["http"]![route]!["route"]!.AsArray().Select(item => (int?)item!["weight"] ?? 0)];

    public IReadOnlyList<T> Expect<T>(string script) => [.. Mesh.Host.Expect(script).Select(item => (T)item.BaseObject)];

    public ErrorRecord Fails(string script) => Assert.Single(Mesh.Run(script).Errors);

    /// <summary>Changes hello2-vs as somebody else would.</summary>
    public void Edit(Action<JsonObject> edit)
    {
        JsonObject item = VirtualService;
        edit(item);
        Control.OverwriteAs("kubectl-edit", KubernetesKind.VirtualService, item);
    }

    public void Dispose() => Mesh.Dispose();
}
