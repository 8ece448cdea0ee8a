using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Turns a request into a plan, asking the mesh for what the request leaves out.</summary>
internal static class SplitPlanner
{
    /// <summary>Plans a measurement.</summary>
    public static async Task<SplitPlan> PlanAsync(
        MeshSession? session, string? ns, TrafficShiftRequest request, CancellationToken cancellationToken)
    {
        IVersionAttribution? told = request.VersionPattern is { } patterns
            ? new PatternAttribution(patterns)
            : request.VersionHeader is { } header ? new HeaderAttribution(header) : null;
        if (!request.NeedsMesh)
        {
            SplitExpectation given = SplitExpectation.FromWeights(request.Expect!);
            RequireTold(given, told!);
            return new() { Uri = request.Uri!, Expected = given, Attribution = AttributionCache.Of(told!) };
        }

        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(ns);
        IReadOnlyList<JsonObject> all = await ListAsync(session, ns, cancellationToken).ConfigureAwait(false);
        JsonObject virtualService = Choose(all, request, ns);
        MeshEntry? entry = request.Uri is not null ? null : await EntryFinder.FindAsync(
            session, ns, all, Candidates(virtualService, request.Route), cancellationToken).ConfigureAwait(false);
        Uri uri = request.Uri ?? entry!.Uri;
        SplitRoute route = SplitRoute.Choose(virtualService, request.Route, uri, request.Headers);
        (IReadOnlyList<SplitArm> arms, MeshSubsets mesh) =
            await MeshSplit.ResolveAsync(session, ns, route, cancellationToken).ConfigureAwait(false);
        SplitExpectation expected = Expect(request, route, arms, told is null);
        if (told is not null)
        {
            RequireTold(expected, told);
        }
        else
        {
            RequireOwnAddresses(arms);
        }

        return new()
        {
            Uri = uri,
            HostHeader = entry?.Host,
            Expected = expected,
            Attribution = AttributionCache.Of(told ?? new AddressAttribution(Addresses(arms), Hosts(arms))),
            Namespace = ns,
            Route = route,
            Defects = Defects(arms),
            Mesh = MeshEvidenceReader.Read(session, uri, all, virtualService, route, arms, mesh),
        };
    }

    /// <summary>Whether the VirtualService has been changed since; null when that can't be told.</summary>
    public static async Task<bool?> HasChangedAsync(
        MeshSession session, SplitPlan plan, CancellationToken cancellationToken)
    {
        if (plan is not { Namespace: { } ns, Route: { } route })
        {
            return null;
        }

        try
        {
            IReadOnlyList<JsonObject> all = await ListAsync(session, ns, cancellationToken).ConfigureAwait(false);
            JsonObject? now = all.FirstOrDefault(item => item.Text("metadata", "name") == route.VirtualService);
            return !JsonNode.DeepEquals(now?["spec"], route.Source.Root["spec"]);
        }
        catch (MeshException)
        {
            // The measurement stands without it.
            return null;
        }
    }

    private static async Task<IReadOnlyList<JsonObject>> ListAsync(
        MeshSession session, string ns, CancellationToken cancellationToken)
    {
        KubernetesKind kind = await session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.VirtualService, cancellationToken).ConfigureAwait(false);
        List<JsonObject> all = [];
        await foreach (JsonObject item in session.ControlPlane.ListAsync(kind, ns, null, cancellationToken)
            .ConfigureAwait(false))
        {
            all.Add(item);
        }

        return all;
    }

    private static JsonObject Choose(IReadOnlyList<JsonObject> all, TrafficShiftRequest request, string ns)
    {
        string list = string.Join(", ", all.Select(item => $"'{item.Text("metadata", "name")}'"));
        if (request.VirtualService is { } name)
        {
            return all.FirstOrDefault(item => item.Text("metadata", "name") == name) ?? throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"Namespace {ns} has no VirtualService '{name}'; it has {(list.Length == 0 ? "none" : list)}.", name);
        }

        JsonObject[] splitting =
            [.. all.Where(item => SplitRoute.ReadAll(item).Any(route => route.Destinations.Count > 1))];
        return splitting.Length == 1 ? splitting[0] : throw new MeshException(
            MeshErrorCode.Ambiguous,
            splitting.Length == 0
                ? $"No VirtualService of namespace {ns} splits traffic (there are: "
                    + $"{(list.Length == 0 ? "none" : list)}); name one by -VirtualService."
                : $"Several VirtualServices of namespace {ns} split traffic: "
                    + $"{string.Join(", ", splitting.Select(item => $"'{item.Text("metadata", "name")}'"))}. "
                    + "Name one by -VirtualService.",
            ns);
    }

    private static IReadOnlyList<SplitRoute> Candidates(JsonObject virtualService, string? route) =>
        route is null ? SplitRoute.ReadAll(virtualService)
        : [SplitRoute.Choose(virtualService, route, null, new Dictionary<string, string>())];

    private static SplitExpectation Expect(
        TrafficShiftRequest request, SplitRoute route, IReadOnlyList<SplitArm> arms, bool byAddress)
    {
        if (request.Expect is null)
        {
            SplitArm? several = arms.FirstOrDefault(arm => arm.Version is null);
            return several is null
                ? SplitExpectation.FromWeights(
                    arms.Select(arm => KeyValuePair.Create(arm.Version!, (double)arm.Destination.Weight)))
                : throw new MeshException(
                    MeshErrorCode.ArgumentInvalid,
                    $"Route '{route.Label}' of VirtualService {route.VirtualService} sends to "
                        + $"{several.Destination.Host.FullName} without a subset, "
                    + (several.Endpoints.Count == 0
                        ? "which has no endpoint" : "whose endpoints have several versions")
                    + "; say by -Expect which shares are expected.",
                    route.VirtualService);
        }

        SplitExpectation expected = SplitExpectation.FromWeights(request.Expect);
        if (byAddress)
        {
            string[] known =
            [
                .. arms.SelectMany(arm => arm.Endpoints.Values.Concat(arm.Others.Values).Append(arm.Version))
                .OfType<string>().Distinct().Order(StringComparer.Ordinal),
            ];
            RequireKnown(expected, known, $"no endpoint of {Hosts(arms)} has it", "the versions there");
        }

        return expected;
    }

    private static void RequireTold(SplitExpectation expected, IVersionAttribution told)
    {
        if (told is PatternAttribution patterns)
        {
            RequireKnown(expected, [.. patterns.Versions], "-VersionPattern has no pattern for it", "the patterns");
        }
    }

    private static void RequireKnown(SplitExpectation expected, string[] known, string why, string what)
    {
        string? missing = expected.Versions
            .FirstOrDefault(version => expected[version] > 0 && !known.Contains(version));
        if (missing is not null)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"Version '{missing}' is expected, but {why}; {what} are "
                    + $"{(known.Length == 0 ? "none" : string.Join(", ", known))}.",
                missing);
        }
    }

    // Without a subset an address counts as the version of its endpoint, and may be that of several.
    private static IEnumerable<(string Address, string Version)> VersionsByAddress(SplitArm arm) => arm.Version is null
        ? arm.Behind.Select(item => (MeshTopology.Canonical(item.Address), item.Version ?? MeshSplit.Unversioned))
        : arm.Endpoints.Select(pair => (pair.Key, pair.Value));

    private static void RequireOwnAddresses(IReadOnlyList<SplitArm> arms)
    {
        if (arms.SelectMany(VersionsByAddress).GroupBy(pair => pair.Address, pair => pair.Version)
            .FirstOrDefault(group => group.Distinct().Count() > 1) is { } shared)
        {
            throw new MeshException(
                MeshErrorCode.Ambiguous,
                $"{string.Join(" and ", shared.Distinct())} of {Hosts(arms)} have the same address {shared.Key}, so an "
                    + "answer's address does not tell which of them gave it. Tell them apart by -VersionPattern "
                    + "@{ v1 = 'regex'; ... } or -VersionHeader; Get-WorkloadEntry shows whether one is a leftover.",
                shared.Key);
        }
    }

    private static Dictionary<string, string> Addresses(IReadOnlyList<SplitArm> arms)
    {
        Dictionary<string, string> versions = new(StringComparer.Ordinal);
        foreach ((string address, string version) in arms.SelectMany(arm => arm.Endpoints)
            .Concat(arms.SelectMany(arm => arm.Others)))
        {
            versions.TryAdd(address, version);
        }

        return versions;
    }

    private static string Hosts(IReadOnlyList<SplitArm> arms) =>
        string.Join(", ", arms.Select(arm => arm.Destination.Host.FullName).Distinct(StringComparer.Ordinal));

    private static string[] Defects(IReadOnlyList<SplitArm> arms) =>
    [
        .. arms.Where(arm => arm.Destination.Weight > 0 && arm.Endpoints.Count == 0).Select(arm =>
            arm.Destination.Subset is null
                ? $"{arm.Destination.Host.FullName} has no endpoint: no WorkloadEntry or pod stands behind it."
                : $"Subset '{arm.Destination.Subset}' of {arm.Destination.Host.FullName} has no endpoint, so its "
                    + "share is answered by 503: no WorkloadEntry or pod behind that host carries the subset's "
                    + "labels (Set-WorkloadEntryVersion sets the version)."),
    ];
}
