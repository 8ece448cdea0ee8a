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

                RouteState now = RouteState.Read(item, marker.Route);
                if (!now.IsSame(marker.Before))
                {
                    throw new MeshException(
                        MeshErrorCode.Conflict,
                        $"The weights of {RouteWeights.Choose(item, marker.Route).Label} were changed to {now} "
                            + "meanwhile; nothing was written. Run it again.",
                        virtualService);
                }
            },
            marker, marker.State, dryRun, cancellationToken);

    /// <summary>Goes from one marked state to another.</summary>
    /// <exception cref="MeshException">ShiftOvertaken, when the weights or the marker are not as left.</exception>
    public Task<ObjectChange> AdvanceAsync(
        TrafficShiftMarker from, TrafficShiftMarker to, bool dryRun, CancellationToken cancellationToken) =>
        MoveAsync(item => Require(item, from), to, to.State, dryRun, cancellationToken);

    /// <summary>Ends a shift: takes the marker off and sets weights, the last step's or the original ones.</summary>
    /// <param name="from">The state to end.</param>
    /// <param name="state">What to leave.</param>
    /// <param name="force">Whether weights that another writer set are overwritten.</param>
    /// <param name="dryRun">Whether the server only answers what it would store.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    /// <exception cref="MeshException">ShiftOvertaken, when the weights or the marker are not as left.</exception>
    public Task<ObjectChange> EndAsync(
        TrafficShiftMarker from, RouteState state, bool force, bool dryRun, CancellationToken cancellationToken) =>
        MoveAsync(
            item =>
            {
                if (!force)
                {
                    Require(item, from, state);
                }
            },
            null, state, dryRun, cancellationToken, from);

    /// <summary>
    /// Takes the marker off, and the route this shift made for requests with headers, and leaves the weights to whoever
    /// set them.
    /// </summary>
    public Task<ObjectChange> AbandonAsync(TrafficShiftMarker from, CancellationToken cancellationToken) =>
        _writer.ReplaceAsync(
            ns, virtualService,
            item =>
            {
                if (TrafficShiftMarker.Find(item)?.Id != from.Id)
                {
                    return;
                }

                TrafficShiftMarker.Write(item, null);
                RouteState now = RouteState.Read(item, from.Route);
                if ((now with { Weights = from.State.Weights }).IsSame(from.State))
                {
                    HeaderRoutes.Write(item, RouteWeights.Choose(item, from.Route), from.OriginalByHeader);
                }
            },
            dryRun: false, cancellationToken);

    /// <summary>The error that a shift is marked as under way.</summary>
    public MeshException UnderWay(TrafficShiftMarker marker) => new(
        MeshErrorCode.ShiftUnderWay,
        $"A progressive shift is marked as under way on VirtualService {ns}/{virtualService} ({marker}). If it does "
            + $"not run any more, Resume-TrafficShift {virtualService} goes on with it and Undo-TrafficShift "
            + $"{virtualService} restores {marker.Before}.",
        virtualService);

    private Task<ObjectChange> MoveAsync(
        Action<JsonObject> require, TrafficShiftMarker? to, RouteState state, bool dryRun,
        CancellationToken cancellationToken, TrafficShiftMarker? end = null) =>
        _writer.ReplaceAsync(
            ns, virtualService,
            item =>
            {
                string route = (to ?? end)!.Route;
                TrafficShiftMarker? marker = TrafficShiftMarker.Find(item);
                if ((marker?.Id, marker?.Step) == (to?.Id, to?.Step) && RouteState.Read(item, route).IsSame(state))
                {
                    return;
                }

                require(item);
                state.WriteTo(
                    item, RouteWeights.Choose(item, route),
                    end is null ? null : added => end.Steps.Any(step => step.Any(added.IsSame)));
                TrafficShiftMarker.Write(item, to);
            },
            dryRun, cancellationToken);

    private void Require(JsonObject item, TrafficShiftMarker from, RouteState? orThis = null)
    {
        RouteState now = RouteState.Read(item, from.Route);
        TrafficShiftMarker? marker = TrafficShiftMarker.Find(item);

        // Of this shift's own writes the marker knows better which was the last: the answer to one may have been lost.
        TrafficShiftMarker left = marker?.Id == from.Id ? marker : from;
        if (left == marker && (now.IsSame(left.State) || (orThis is not null && now.IsSame(orThis))))
        {
            return;
        }

        string label = RouteWeights.Choose(item, from.Route).Label;
        throw new MeshException(
            MeshErrorCode.ShiftOvertaken,
            marker is null || left == marker
                ? $"Another writer changed {label} during the shift: it has {now}, where step {left.Step} had set "
                    + $"{left.State}. Their weights were left; before the shift it had {left.Before}."
                : $"Another shift took over {label} ({marker}); its weights {now} were left.",
            virtualService);
    }
}
