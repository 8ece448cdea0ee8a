namespace HybridMesh.Core;

/// <summary>What asking one plane who it is brought.</summary>
internal sealed record PlaneProbe(MeshPlaneStatus Status, IReadOnlyList<string> IstioKinds, MeshException? Error)
{
    private const string Group = "networking.istio.io";

    public static async Task<PlaneProbe> RunAsync(IKubernetesApi api, CancellationToken cancellationToken)
    {
        MeshPlaneStatus status = new() { Server = api.Server, Context = api.Context, Reachable = false };
        try
        {
            string version = await api.GetVersionAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<KubernetesKind> kinds = await api.DiscoverAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<string> istio = [.. kinds.Where(kind => kind.Group == Group)
                .DistinctBy(kind => kind.Kind)
                .OrderBy(kind => kind.Kind, StringComparer.Ordinal)
                .Select(kind => $"{kind.Kind} {kind.Version}")];
            return new(status with { Reachable = true, Version = version }, istio, null);
        }
        catch (MeshException e) when (e.Code is MeshErrorCode.ApiUnreachable or MeshErrorCode.ApiUnavailable
            or MeshErrorCode.Unauthorized or MeshErrorCode.Forbidden)
        {
            return new(status with { Detail = e.Message }, [], e);
        }
    }
}
