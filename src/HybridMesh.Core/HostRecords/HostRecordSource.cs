namespace HybridMesh.Core;

/// <summary>Where a host record comes from: given outright, or a Service yet to be looked up.</summary>
public sealed record HostRecordSource
{
    private string? ServiceName { get; init; }

    private string? Namespace { get; init; }

    private HostRecord? Record { get; init; }

    /// <summary>Whether the mesh has to be asked.</summary>
    public bool NeedsLookUp => Record is null;

    /// <summary>A Service; a null namespace means the connection's.</summary>
    public static HostRecordSource OfService(string serviceName, string? ns) =>
        new() { ServiceName = serviceName, Namespace = ns };

    /// <summary>A record given outright.</summary>
    public static HostRecordSource Of(HostRecord record) => new() { Record = record };

    /// <summary>The records of sources, each Service asked for once.</summary>
    /// <param name="session">The mesh; null when no source needs it.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<IReadOnlyDictionary<HostRecordSource, HostRecord>> LookUpAsync(
        MeshSession? session, IReadOnlyList<HostRecordSource> sources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        Dictionary<HostRecordSource, HostRecord> records = [];
        foreach (HostRecordSource source in sources.Distinct())
        {
            records[source] = source.Record ?? await ServiceHost.LookUpAsync(
                session!.DataPlane, source.ServiceName!, source.Namespace ?? session.Connection.Namespace,
                cancellationToken).ConfigureAwait(false);
        }

        return records;
    }
}
