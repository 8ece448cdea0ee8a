using System.Collections;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Completes namespaces of the data plane.</summary>
public sealed class NamespaceCompleter : MeshCompleter
{
    private protected override IEnumerable<Candidate> Candidates(
        Func<MeshPlane, KubernetesKind, IReadOnlyList<JsonObject>> list, IDictionary bound) =>
        list(MeshPlane.Data, KubernetesKind.Namespace)
            .Select(item => new Candidate(NameOf(item), $"Namespace {(string?)item["status"]?["phase"]}".TrimEnd()));
}
