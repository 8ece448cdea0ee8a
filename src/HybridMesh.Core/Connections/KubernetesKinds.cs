namespace HybridMesh.Core;

/// <summary>Picks kinds from what discovery found.</summary>
public static class KubernetesKinds
{
    /// <summary>The groups whose objects live in the control plane, besides every <c>*.istio.io</c>.</summary>
    private const string AsmGroup = "istio.alibabacloud.com";

    /// <summary>The kind in the given version, or in the group's preferred one; null when it is not served.</summary>
    public static KubernetesKind? Pick(
        IReadOnlyList<KubernetesKind> served, string group, string kind, string? version = null) =>
        served.FirstOrDefault(item =>
            item.Group == group && item.Kind == kind && (version is null || item.Version == version));

    /// <summary>Whether objects of an API group live in the control plane.</summary>
    public static bool IsControlPlaneGroup(string group) =>
        group == AsmGroup || group.EndsWith(".istio.io", StringComparison.Ordinal);

    /// <summary>The error that a plane does not serve a kind.</summary>
    public static MeshException NotServed(MeshSession session, MeshPlane plane, string group, string kind)
    {
        ArgumentNullException.ThrowIfNull(session);
        string remedy = group switch
        {
            AsmGroup => "This kind exists on Alibaba Cloud Service Mesh only; leave its manifest out elsewhere.",
            _ when IsControlPlaneGroup(group) =>
                "Istio's CRDs are not installed there, or -MeshKubeconfig names another cluster than the mesh's.",
            _ => "Check the manifest's apiVersion and kind, or install the CRD first.",
        };
        string name = group.Length == 0 ? kind : $"{kind}.{group}";
        return new MeshException(
            MeshErrorCode.KindNotServed,
            $"The {session.NameOf(plane)} at {session[plane].Server} does not serve {name}. {remedy}",
            name);
    }
}
