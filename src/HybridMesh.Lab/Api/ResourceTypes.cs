namespace HybridMesh.Lab;

/// <summary>What the two API servers of the lab serve.</summary>
public static class ResourceTypes
{
    private static readonly string[] Core = ["v1"];
    private static readonly string[] Istio = ["v1", "v1beta1", "v1alpha3"];
    private static readonly string[] IstioCategories = ["istio-io", "networking-istio-io"];

    public static ResourceType Namespace { get; } =
        new("", Core, "Namespace", "namespaces", "namespace", false, "ns") { HasStatus = true };

    public static ResourceType Pod { get; } =
        new("", Core, "Pod", "pods", "pod", true, "po") { HasStatus = true, Categories = ["all"] };

    public static ResourceType Service { get; } =
        new("", Core, "Service", "services", "service", true, "svc") { HasStatus = true, Categories = ["all"] };

    public static ResourceType Endpoints { get; } = new("", Core, "Endpoints", "endpoints", "endpoints", true, "ep");

    public static ResourceType ConfigMap { get; } = new("", Core, "ConfigMap", "configmaps", "configmap", true, "cm");

    public static ResourceType Secret { get; } = new("", Core, "Secret", "secrets", "secret", true);

    public static ResourceType ServiceAccount { get; } =
        new("", Core, "ServiceAccount", "serviceaccounts", "serviceaccount", true, "sa");

    public static ResourceType Deployment { get; } =
        new("apps", Core, "Deployment", "deployments", "deployment", true, "deploy")
        {
            HasStatus = true,
            Categories = ["all"],
        };

    /// <summary>The cluster where the pods run.</summary>
    public static IReadOnlyList<ResourceType> DataPlane { get; } =
        [Namespace, Pod, Service, Endpoints, ConfigMap, Secret, ServiceAccount, Deployment];

    /// <summary>The mesh's own API server.</summary>
    public static IReadOnlyList<ResourceType> ControlPlane { get; } =
    [
        Namespace, ConfigMap, Secret, ServiceAccount,
        Mesh("WorkloadEntry", "workloadentries", "we"),
        Mesh("WorkloadGroup", "workloadgroups", "wg"),
        Mesh("ServiceEntry", "serviceentries", "se"),
        Mesh("VirtualService", "virtualservices", "vs"),
        Mesh("DestinationRule", "destinationrules", "dr"),
        Mesh("Gateway", "gateways", "gw"),
        new("istio.alibabacloud.com", ["v1beta1"], "IstioGateway", "istiogateways", "istiogateway", true)
        {
            HasStatus = true,
        },
    ];

    private static ResourceType Mesh(string kind, string plural, string shortName) =>
        new("networking.istio.io", Istio, kind, plural, kind.ToLowerInvariant(), true, shortName)
        {
            HasStatus = true,
            Categories = IstioCategories,
        };
}
