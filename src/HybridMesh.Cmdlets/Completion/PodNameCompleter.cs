using System.Collections;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Completes names of pods.</summary>
public sealed class PodNameCompleter : MeshCompleter
{
    private protected override IEnumerable<Candidate> Candidates(
        Func<MeshPlane, KubernetesKind, IReadOnlyList<JsonObject>> list, IDictionary bound) =>
        list(MeshPlane.Data, KubernetesKind.Pod).Select(MeshPod.From)
            .Select(pod => new Candidate(pod.Name, $"Pod {pod.Address} {pod.Status}"));
}
