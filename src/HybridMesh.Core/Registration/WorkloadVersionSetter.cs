using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Sets the version label of WorkloadEntries.</summary>
public sealed class WorkloadVersionSetter
{
    private const string VersionLabel = "version";

    private readonly MeshSession _session;
    private readonly IChangeGate _gate;
    private readonly FanOutOptions _options;

    /// <summary>Makes a setter that asks and tells its user through a gate.</summary>
    public WorkloadVersionSetter(MeshSession session, IChangeGate gate, FanOutOptions options)
    {
        _session = session;
        _gate = gate;
        _options = options;
    }

    /// <summary>
    /// Sets versions and yields each entry as it is then, in the order asked. A request that can't be met is an error
    /// about its source; the rest go on. The entries of a namespace are listed once.
    /// </summary>
    public async IAsyncEnumerable<WorkloadEntry> SetAsync(
        IReadOnlyList<WorkloadVersionRequest> requests, string? serviceName,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        foreach (IGrouping<string, WorkloadVersionRequest> group in requests.GroupBy(request => request.Namespace))
        {
            _gate.Verbose($"Reading the WorkloadEntries of namespace {group.Key} on the "
                + $"{_session.NameOf(MeshPlane.Control)} ({_session.ControlPlane.Server}).");
            WorkloadEntryCatalog catalog = await WorkloadEntryCatalog.ReadAsync(_session, group.Key, cancellationToken)
                .ConfigureAwait(false);
            WorkloadVersionWriter writer = new(_session, catalog.EntryKind);
            List<Change> changes = await ApproveAsync(
                await FindAsync(group, catalog, serviceName).ConfigureAwait(false), writer, cancellationToken)
                .ConfigureAwait(false);
            await foreach (FanOutResult<Change, JsonObject> result in FanOut.RunInOrderAsync(
                changes, _options, (change, token) => WriteAsync(writer, change, token), cancellationToken)
                .ConfigureAwait(false))
            {
                if (result.Error is not null)
                {
                    await _gate.WriteErrorAsync(result.Error, result.Item.Request.Source).ConfigureAwait(false);
                }
                else
                {
                    yield return Outcome(catalog, result.Item, result.Result!);
                }
            }
        }
    }

    private async Task<List<Change>> FindAsync(
        IEnumerable<WorkloadVersionRequest> requests, WorkloadEntryCatalog catalog, string? serviceName)
    {
        Dictionary<string, JsonObject> byName = new(StringComparer.Ordinal);
        foreach (JsonObject item in catalog.Entries)
        {
            byName[item.Text("metadata", "name") ?? ""] = item;
        }

        Dictionary<string, Change> planned = new(StringComparer.Ordinal);
        List<Change> changes = [];
        foreach (WorkloadVersionRequest request in requests)
        {
            try
            {
                Change change = Find(request, catalog, byName, serviceName);
                if (planned.TryGetValue(change.Name, out Change? other) && other.Request.Version != request.Version)
                {
                    throw new MeshException(
                        MeshErrorCode.Ambiguous,
                        $"WorkloadEntry {request.Namespace}/{change.Name} is asked to have version "
                        + $"{other.Request.Version} and version {request.Version}; it gets the first.");
                }

                // The same wish a second time finds it fulfilled.
                changes.Add(other is null ? change : change with { Repeats = other });
                planned.TryAdd(change.Name, change);
            }
            catch (MeshException e)
            {
                await _gate.WriteErrorAsync(e, request.Source).ConfigureAwait(false);
            }
        }

        return changes;
    }

    private static Change Find(
        WorkloadVersionRequest request, WorkloadEntryCatalog catalog, Dictionary<string, JsonObject> byName,
        string? serviceName)
    {
        if (string.IsNullOrEmpty(request.Version))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"No version was given for {request}; pass -Version, or objects that have one.");
        }

        LabelSyntax.CheckLabel(VersionLabel, request.Version, request.ToString(), null);
        if (request.Name is { } name)
        {
            return byName.TryGetValue(name, out JsonObject? named)
                && (serviceName is null
                    || catalog.ServiceNamesOf(named).Contains(serviceName, StringComparer.OrdinalIgnoreCase))
                ? new Change(request, named)
                : throw new MeshException(
                    MeshErrorCode.ObjectNotFound,
                    $"WorkloadEntry {request.Namespace}/{name} does not exist{Of(serviceName)}; see "
                    + "Get-WorkloadEntry.");
        }

        JsonObject[] found = [.. catalog.WithAddress(request.Address ?? "").Where(item =>
            (serviceName is null
                || catalog.ServiceNamesOf(item).Contains(serviceName, StringComparer.OrdinalIgnoreCase))
            && (string.IsNullOrEmpty(request.Network) || string.IsNullOrEmpty(item.Text("spec", "network"))
                || item.Text("spec", "network") == request.Network))];
        return found.Length switch
        {
            1 => new Change(request, found[0]),
            0 => throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"No WorkloadEntry of namespace {request.Namespace} has address {request.Address}{Of(serviceName)}; "
                + "register the VM with New-MeshVmApp first."),
            _ => throw new MeshException(
                MeshErrorCode.Ambiguous,
                $"{found.Length} WorkloadEntries of namespace {request.Namespace} have address {request.Address}: "
                + $"{string.Join(" and ", found.Select(item => item.Text("metadata", "name")))}. Name the service by "
                + "-ServiceName, pipe the one meant from Get-WorkloadEntry, or remove the other."),
        };
    }

    private static string Of(string? serviceName) => serviceName is null ? "" : $" among those of {serviceName}";

    private async Task<List<Change>> ApproveAsync(
        List<Change> changes, WorkloadVersionWriter writer, CancellationToken cancellationToken)
    {
        List<Change> approved = [];
        foreach (Change change in changes)
        {
            if (change.IsDone)
            {
                if (!_gate.WhatIf)
                {
                    approved.Add(change);
                }

                continue;
            }

            string? after = change.Request.Version;
            if (_gate.WhatIf)
            {
                JsonObject answer = await writer.PatchAsync(change.Entry, after!, dryRun: true, cancellationToken)
                    .ConfigureAwait(false);
                after = answer.Text("spec", "labels", VersionLabel);
            }

            if (await _gate.ShouldProcessAsync(
                $"{ObjectName.Of("WorkloadEntry", change.Request.Namespace, change.Name)} on the "
                + $"{_session.NameOf(MeshPlane.Control)}",
                WorkloadVersionWriter.Describe(change.Before, after)).ConfigureAwait(false))
            {
                approved.Add(change);
            }
        }

        return approved;
    }

    private static Task<JsonObject> WriteAsync(
        WorkloadVersionWriter writer, Change change, CancellationToken cancellationToken) =>
        change.IsDone
            ? Task.FromResult(change.Entry)
            : writer.PatchAsync(change.Entry, change.Request.Version!, dryRun: false, cancellationToken);

    private WorkloadEntry Outcome(WorkloadEntryCatalog catalog, Change change, JsonObject after)
    {
        _gate.Verbose($"{(change.IsDone ? "Unchanged" : "Updated")} WorkloadEntry "
            + $"{change.Request.Namespace}/{change.Name}: "
            + $"{WorkloadVersionWriter.Describe(change.Before, change.Request.Version)}.");
        WorkloadEntry entry = catalog.Read(after);
        return entry with
        {
            Version = change.Request.Version,
            PreviousVersion = change.IsDone ? null : change.Before,
            Action = change.IsDone ? ChangeAction.Unchanged : ChangeAction.Updated,
        };
    }

    private sealed record Change(WorkloadVersionRequest Request, JsonObject Entry)
    {
        public string Name => Entry.Text("metadata", "name") ?? "";

        public Change? Repeats { get; init; }

        public string? Before => Repeats is null ? Entry.Text("spec", "labels", VersionLabel) : Repeats.Request.Version;

        public bool IsDone => Before == Request.Version;

        public override string ToString() => $"WorkloadEntry {Request.Namespace}/{Name}";
    }
}
