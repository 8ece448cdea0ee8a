using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Changes the weights of one http route of a VirtualService: reads it, changes only the weights, and replaces it with
/// the resourceVersion read. The lists of that kind are atomic, so a partial apply would drop the other routes.
/// </summary>
/// <param name="session">The mesh.</param>
public sealed class RouteWeightWriter(MeshSession session)
{
    /// <summary>Reads a VirtualService.</summary>
    /// <exception cref="MeshException">ObjectNotFound.</exception>
    public async Task<JsonObject> ReadAsync(string ns, string virtualService, CancellationToken cancellationToken)
    {
        KubernetesKind kind = await KindAsync(cancellationToken).ConfigureAwait(false);
        return await session.ControlPlane.FindAsync(kind, ns, virtualService, cancellationToken).ConfigureAwait(false)
            ?? throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"VirtualService {ns}/{virtualService} does not exist on the {session.NameOf(MeshPlane.Control)}; "
                    + "Get-TrafficShift lists what there is.",
                virtualService);
    }

    /// <summary>Sets the weights of one route.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="virtualService">The VirtualService.</param>
    /// <param name="route">The route's name or place; null for the only one.</param>
    /// <param name="change">
    /// Makes the wanted weights of the present ones; called again with what is there when another writer came between.
    /// </param>
    /// <param name="dryRun">Whether the server only answers what it would store.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="MeshException">
    /// ObjectNotFound or Ambiguous about the route; Conflict when others kept writing; what <paramref name="change"/>
    /// throws.
    /// </exception>
    public async Task<RouteWeightChange> WriteAsync(
        string ns, string virtualService, string? route, Func<RouteWeights, RouteWeights> change, bool dryRun,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ObjectChange done = await ReplaceAsync(
            ns, virtualService, item => change(RouteWeights.Choose(item, route)).WriteTo(item), dryRun,
            cancellationToken)
            .ConfigureAwait(false);
        RouteWeights before = RouteWeights.Choose(done.Before, route);
        return new(before, RouteWeights.Choose(done.After, before.Route), done.Action);
    }

    /// <summary>Changes a VirtualService; an edit that changes nothing is not written.</summary>
    internal Task<ObjectChange> ReplaceAsync(
        string ns, string virtualService, Action<JsonObject> edit, bool dryRun, CancellationToken cancellationToken) =>
        ConflictRetry.RunAsync(
            async () =>
            {
                JsonObject before = await ReadAsync(ns, virtualService, cancellationToken).ConfigureAwait(false);
                JsonObject wanted = (JsonObject)before.DeepClone();
                edit(wanted);
                if (JsonNode.DeepEquals(before, wanted))
                {
                    return new ObjectChange(before, before, ChangeAction.Unchanged);
                }

                JsonObject after = await session.ControlPlane.ReplaceAsync(
                    await KindAsync(cancellationToken).ConfigureAwait(false), wanted, FieldManagers.Weights, dryRun,
                    cancellationToken).ConfigureAwait(false);
                return new ObjectChange(before, after, ChangeAction.Updated);
            },
            cancellationToken);

    private Task<KubernetesKind> KindAsync(CancellationToken cancellationToken) =>
        session.ServedKindAsync(MeshPlane.Control, KubernetesKind.VirtualService, cancellationToken);
}

/// <summary>What became of a route's weights.</summary>
/// <param name="Before">The weights before.</param>
/// <param name="After">The weights after, as the server answered them.</param>
/// <param name="Action">Updated or Unchanged.</param>
public sealed record RouteWeightChange(RouteWeights Before, RouteWeights After, ChangeAction Action);

/// <summary>What became of an object.</summary>
/// <param name="Before">The object read.</param>
/// <param name="After">The object as the server answered it.</param>
/// <param name="Action">Updated or Unchanged.</param>
internal sealed record ObjectChange(JsonObject Before, JsonObject After, ChangeAction Action);
