namespace HybridMesh.Core;

/// <summary>What the mesh's objects say about a split, read before it is measured.</summary>
internal sealed record MeshEvidence
{
    /// <summary>The route's destinations.</summary>
    public required IReadOnlyList<SplitArm> Arms { get; init; }

    /// <summary>The pod or WorkloadEntry that has an address; null for none.</summary>
    public Func<string, MeshEndpoint?> Find { get; init; } = _ => null;

    /// <summary>The other VirtualServices of the namespace that are for a host of the destinations.</summary>
    public IReadOnlyList<string> Rivals { get; init; } = [];

    /// <summary>The VirtualService's other routes to such hosts, with the shares their weights bring.</summary>
    public IReadOnlyList<(string Label, SplitExpectation Shares)> OtherRoutes { get; init; } = [];

    /// <summary>The headers that the measured route's match asks for.</summary>
    public IReadOnlyList<string> MatchHeaders { get; init; } = [];

    /// <summary>The VirtualService's hosts, as written.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The VirtualService's gateways, as written; none stands for the sidecars alone.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Whether requests enter by the ingress gateway; null when the URL does not tell.</summary>
    public bool? FromIngress { get; init; }

    /// <summary>All endpoints of the destinations' hosts, each once.</summary>
    public IReadOnlyList<MeshEndpoint> Endpoints =>
        [.. Arms.SelectMany(arm => arm.Behind).DistinctBy(item => MeshTopology.Canonical(item.Address))];

    /// <summary>Whether the VirtualService applies to the sidecars' own requests.</summary>
    public bool IsForSidecars => Gateways.Count == 0 || Gateways.Contains("mesh");

    /// <summary>The destinations' hosts.</summary>
    public IReadOnlyList<string> Destinations =>
        [.. Arms.Select(arm => arm.Destination.Host.FullName).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether an address is a pod's or a WorkloadEntry's.</summary>
    public bool IsKnown(string address) => Find(address) is not null;

    /// <summary>What answers of an endpoint are counted as.</summary>
    public string VersionOf(MeshEndpoint endpoint)
    {
        string address = MeshTopology.Canonical(endpoint.Address);
        return Arms.Select(arm => arm.Endpoints.GetValueOrDefault(address)).OfType<string>().FirstOrDefault()
            ?? endpoint.Version ?? MeshSplit.Unversioned;
    }
}
