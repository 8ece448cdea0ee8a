using System.Collections;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Completes names of http routes, those of -VirtualService when it is given.</summary>
public sealed class RouteCompleter : MeshCompleter
{
    private protected override IEnumerable<Candidate> Candidates(
        Func<MeshPlane, KubernetesKind, IReadOnlyList<JsonObject>> list, IDictionary bound) =>
        from item in list(MeshPlane.Control, KubernetesKind.VirtualService)
        where Bound(bound, "VirtualService") is not string wanted || NameOf(item) == wanted
        from route in item["spec"]?["http"] as JsonArray ?? []
        where route?["name"] is not null
        select new Candidate((string)route["name"]!, $"Route of VirtualService {NameOf(item)}");
}
