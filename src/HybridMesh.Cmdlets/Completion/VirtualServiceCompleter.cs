using System.Collections;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Completes names of VirtualServices.</summary>
public sealed class VirtualServiceCompleter : MeshCompleter
{
    private protected override IEnumerable<Candidate> Candidates(
        Func<MeshPlane, KubernetesKind, IReadOnlyList<JsonObject>> list, IDictionary bound) =>
        list(MeshPlane.Control, KubernetesKind.VirtualService).Select(item => new Candidate(
            NameOf(item), $"VirtualService for {string.Join(", ", item["spec"]?["hosts"] as JsonArray ?? [])}"));
}
