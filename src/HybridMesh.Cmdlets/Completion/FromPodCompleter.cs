using System.Collections;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Completes what chooses a pod: its label <c>app</c>, or its name.</summary>
public sealed class FromPodCompleter : MeshCompleter
{
    private protected override IEnumerable<Candidate> Candidates(
        Func<MeshPlane, KubernetesKind, IReadOnlyList<JsonObject>> list, IDictionary bound) =>
        list(MeshPlane.Data, KubernetesKind.Pod).SelectMany(item =>
        {
            MeshPod pod = MeshPod.From(item);
            string state = $"Pod {pod.Address} {pod.Status}";
            Candidate name = new(pod.Name, state);
            return (string?)item["metadata"]?["labels"]?["app"] is { } app
                ? [new Candidate($"app={app}", state), name]
                : new[] { name };
        });
}
