using System.Collections;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Completes names of Services.</summary>
public sealed class ServiceNameCompleter : MeshCompleter
{
    private protected override IEnumerable<Candidate> Candidates(
        Func<MeshPlane, KubernetesKind, IReadOnlyList<JsonObject>> list, IDictionary bound) =>
        list(MeshPlane.Data, KubernetesKind.Service).Select(MeshService.From)
            .Select(service => new Candidate(
                service.ServiceName, $"Service {service.ClusterIP} {string.Join(", ", service.Ports)}"));
}
