using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What weights a route is to have.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="VirtualService">The VirtualService.</param>
/// <param name="Route">The route's name or place; null for the only one.</param>
/// <param name="Weights">The weights per version.</param>
/// <param name="Force">Whether a subset without endpoints may get traffic.</param>
public sealed record WeightRequest(
    string Namespace, string VirtualService, string? Route, IReadOnlyList<KeyValuePair<string, double>> Weights,
    bool Force);

/// <summary>Sets the weights of one route.</summary>
/// <param name="session">The mesh.</param>
/// <param name="gate">Asks and tells the user.</param>
public sealed class TrafficShiftSetter(MeshSession session, IChangeGate gate)
{
    private readonly RouteWeightWriter _writer = new(session);

    /// <summary>Sets the weights; null when that was not approved.</summary>
    /// <exception cref="MeshException">
    /// ObjectNotFound, Ambiguous, ArgumentInvalid or SubsetEmpty before anything is written.
    /// </exception>
    public async Task<TrafficShift?> SetAsync(WeightRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        gate.Verbose($"Reading VirtualService {request.Namespace}/{request.VirtualService} on the "
            + $"{session.NameOf(MeshPlane.Control)} ({session.ControlPlane.Server}).");
        JsonObject item = await _writer.ReadAsync(request.Namespace, request.VirtualService, cancellationToken)
            .ConfigureAwait(false);
        RouteWeights now = RouteWeights.Choose(item, request.Route);
        MeshSubsets subsets = await MeshSubsets
            .ReadAsync(session, request.Namespace, TrafficShiftReader.Hosts(now), cancellationToken)
                .ConfigureAwait(false);
        RouteWeights wanted = new WeightPlan(now, subsets, "Weight").Exact(request.Weights);
        EmptySubsets.Refuse(wanted, subsets, request.Force, gate.Warning);
        Tell(item, request.VirtualService);
        if (wanted.HasSameWeights(now))
        {
            return gate.WhatIf ? null : Outcome(item, now, null, subsets);
        }

        if (gate.WhatIf)
        {
            RouteWeightChange tried = await WriteAsync(request, now.Route, subsets, dryRun: true, cancellationToken)
                .ConfigureAwait(false);
            wanted = tried.After;
        }

        if (!await gate.ShouldProcessAsync(
            $"{ObjectName.Of("VirtualService", now.Namespace, now.VirtualService)} on the "
                + $"{session.NameOf(MeshPlane.Control)}",
            $"set the weights of route '{now.Route}': {Describe(now, wanted)}").ConfigureAwait(false))
        {
            return null;
        }

        RouteWeightChange done = await WriteAsync(request, now.Route, subsets, dryRun: false, cancellationToken)
            .ConfigureAwait(false);
        gate.Verbose($"{done.Action} {done.After.Label}: {Describe(done.Before, done.After)}.");
        return Outcome(item, done.After, done.Action == ChangeAction.Updated ? done.Before : null, subsets);
    }

    /// <summary>A change of weights, such as <c>v1 30 -> 10, v2 60 -> 80, v3 10</c>.</summary>
    internal static string Describe(RouteWeights before, RouteWeights after) =>
        string.Join(", ", after.Destinations.Select(item =>
            before.Destinations.FirstOrDefault(item.IsSame) is { } old
                ? old.Weight == item.Weight ? $"{item}" : $"{old} -> {Number(item.Weight)}"
                : $"{item.Name} (none) -> {Number(item.Weight)}"));

    private Task<RouteWeightChange> WriteAsync(
        WeightRequest request, string route, MeshSubsets subsets, bool dryRun, CancellationToken cancellationToken) =>
        _writer.WriteAsync(
            request.Namespace, request.VirtualService, route,
            now => new WeightPlan(now, subsets, "Weight").Exact(request.Weights), dryRun, cancellationToken);

    private void Tell(JsonObject item, string name)
    {
        if (RouteWeights.Others(item) is { } others)
        {
            gate.Verbose($"Leaving {others} routes alone; only http routes are shifted.");
        }

        if (TrafficShiftMarker.Find(item, gate.Warning) is { } marker)
        {
            gate.Warning($"A progressive shift is marked as under way here ({marker}); when it still runs it stops and "
                + $"leaves these weights. If it does not run any more, Resume-TrafficShift {name} goes on with it and "
                + $"Undo-TrafficShift {name} goes back.");
        }
    }

    private TrafficShift Outcome(JsonObject item, RouteWeights now, RouteWeights? before, MeshSubsets subsets) =>
        TrafficShiftReader.Read(item, now, subsets, gate.Verbose) with
        {
            PreviousWeights = before is null ? null : TrafficShiftReader.Rows(before, subsets),
            Action = before is null ? ChangeAction.Unchanged : ChangeAction.Updated,
        };

    private static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
