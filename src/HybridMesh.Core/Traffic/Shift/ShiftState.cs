using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// Moves a route from one state of a shift to the next: weights and marker in one replace, and only while the route is
/// as this shift left it. A move that was made already, by a write whose answer was lost, is not an error.
/// </summary>
internal sealed class ShiftState(MeshSession session, string ns, string virtualService)
{
    private readonly RouteWeightWriter _writer = new(session);

    /// <summary>Reads the VirtualService.</summary>
    public Task<JsonObject> ReadAsync(CancellationToken cancellationToken) =>
        _writer.ReadAsync(ns, virtualService, cancellationToken);

    /// <summary>Begins a shift: the first step's weights and its marker.</summary>
    /// <exception cref="MeshException">ShiftUnderWay, or Conflict when the weights are others by now.</exception>
    public Task<ObjectChange> BeginAsync(TrafficShiftMarker marker, bool dryRun, CancellationToken cancellationToken) =>
        MoveAsync(
            item =>
            {
                if (TrafficShiftMarker.Find(item) is { } other)
                {
                    throw UnderWay(other);
                }

                RouteWeights now = RouteWeights.Choose(item, marker.Route);
                if (!Same(now, marker.Original))
                {
                    throw new MeshException(
                        MeshErrorCode.Conflict,
                        $"The weights of {now.Label} were changed to {now} meanwhile; nothing was written. Run it again.",
                        virtualService);
                }
            },
            marker, marker.Weights, dryRun, cancellationToken);

    /// <summary>Goes from one marked state to another.</summary>
    /// <exception cref="MeshException">ShiftOvertaken, when the weights or the marker are not as left.</exception>
    public Task<ObjectChange> AdvanceAsync(
        TrafficShiftMarker from, TrafficShiftMarker to, bool dryRun, CancellationToken cancellationToken) =>
        MoveAsync(item => Require(item, from), to, to.Weights, dryRun, cancellationToken);

    /// <summary>Ends a shift: takes the marker off and sets weights, the last step's or the original ones.</summary>
    /// <param name="from">The state to end.</param>
    /// <param name="weights">The weights to leave.</param>
    /// <param name="force">Whether weights that another writer set are overwritten.</param>
    /// <param name="dryRun">Whether the server only answers what it would store.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="MeshException">ShiftOvertaken, when the weights or the marker are not as left.</exception>
    public Task<ObjectChange> EndAsync(
        TrafficShiftMarker from, IReadOnlyList<RouteWeight> weights, bool force, bool dryRun,
        CancellationToken cancellationToken) =>
        MoveAsync(
            item =>
            {
                if (!force)
                {
                    Require(item, from, weights);
                }
            },
            null, weights, dryRun, cancellationToken, from);

    /// <summary>Takes the marker off and leaves the weights to whoever set them.</summary>
    public Task<ObjectChange> AbandonAsync(TrafficShiftMarker from, CancellationToken cancellationToken) =>
        _writer.ReplaceAsync(
            ns, virtualService,
            item =>
            {
                if (TrafficShiftMarker.Find(item)?.Id == from.Id)
                {
                    TrafficShiftMarker.Write(item, null);
                }
            },
            dryRun: false, cancellationToken);

    /// <summary>The error that a shift is marked as under way.</summary>
    public MeshException UnderWay(TrafficShiftMarker marker) => new(
        MeshErrorCode.ShiftUnderWay,
        $"A progressive shift is marked as under way on VirtualService {ns}/{virtualService} ({marker}). If it does not run "
            + $"any more, Resume-TrafficShift {virtualService} goes on with it and Undo-TrafficShift {virtualService} restores "
            + $"{Text(marker.Original)}.",
        virtualService);

    /// <summary>Whether a route has these weights; a destination not named has weight 0.</summary>
    public static bool Same(RouteWeights route, IReadOnlyList<RouteWeight> weights) =>
        route.Destinations.All(item => (weights.FirstOrDefault(item.IsSame)?.Weight ?? 0) == item.Weight)
            && weights.All(item => item.Weight == 0 || route.Destinations.Any(item.IsSame));

    /// <summary>Weights, such as <c>v1 30, v2 60, v3 10</c>.</summary>
    public static string Text(IEnumerable<RouteWeight> weights) => string.Join(", ", weights);

    private Task<ObjectChange> MoveAsync(
        Action<JsonObject> require, TrafficShiftMarker? to, IReadOnlyList<RouteWeight> weights, bool dryRun,
        CancellationToken cancellationToken, TrafficShiftMarker? end = null) =>
        _writer.ReplaceAsync(
            ns, virtualService,
            item =>
            {
                RouteWeights now = RouteWeights.Choose(item, (to ?? end)!.Route);
                TrafficShiftMarker? marker = TrafficShiftMarker.Find(item);
                if ((marker?.Id, marker?.Step) == (to?.Id, to?.Step) && Same(now, weights))
                {
                    return;
                }

                require(item);
                (now with { Destinations = weights }).WriteTo(
                    item, end is null ? null : added => end.Steps.Any(step => step.Any(added.IsSame)));
                TrafficShiftMarker.Write(item, to);
            },
            dryRun, cancellationToken);

    private void Require(JsonObject item, TrafficShiftMarker from, IReadOnlyList<RouteWeight>? orThese = null)
    {
        RouteWeights now = RouteWeights.Choose(item, from.Route);
        TrafficShiftMarker? marker = TrafficShiftMarker.Find(item);

        // Of this shift's own writes the marker knows better which was the last: the answer to one may have been lost.
        TrafficShiftMarker left = marker?.Id == from.Id ? marker : from;
        if (left == marker && (Same(now, left.Weights) || (orThese is not null && Same(now, orThese))))
        {
            return;
        }

        throw new MeshException(
            MeshErrorCode.ShiftOvertaken,
            marker is null || left == marker
                ? $"Another writer changed {now.Label} during the shift: it has {now}, where step {left.Step} had set "
                    + $"{Text(left.Weights)}. Their weights were left; before the shift it had {Text(left.Original)}."
                : $"Another shift took over {now.Label} ({marker}); its weights {now} were left.",
            virtualService);
    }
}
