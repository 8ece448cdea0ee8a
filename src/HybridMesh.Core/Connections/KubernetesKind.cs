namespace HybridMesh.Core;

/// <summary>A kind of Kubernetes object, as discovery names it.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version to speak, such as <c>v1</c>.</param>
/// <param name="Kind">The kind, such as <c>WorkloadEntry</c>.</param>
/// <param name="Plural">The resource name in URLs, such as <c>workloadentries</c>.</param>
/// <param name="Namespaced">Whether objects live in a namespace.</param>
public sealed record KubernetesKind(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    /// <summary>The apiVersion of manifests of this kind.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>core/v1 Namespace.</summary>
    public static KubernetesKind Namespace { get; } = new("", "v1", "Namespace", "namespaces", false);

    /// <summary>core/v1 Pod.</summary>
    public static KubernetesKind Pod { get; } = new("", "v1", "Pod", "pods", true);

    /// <summary>core/v1 Service.</summary>
    public static KubernetesKind Service { get; } = new("", "v1", "Service", "services", true);

    /// <summary>core/v1 ConfigMap.</summary>
    public static KubernetesKind ConfigMap { get; } = new("", "v1", "ConfigMap", "configmaps", true);

    /// <summary>core/v1 ServiceAccount.</summary>
    public static KubernetesKind ServiceAccount { get; } = new("", "v1", "ServiceAccount", "serviceaccounts", true);

    /// <summary>apps/v1 Deployment.</summary>
    public static KubernetesKind Deployment { get; } = new("apps", "v1", "Deployment", "deployments", true);

    /// <summary>Istio's WorkloadEntry.</summary>
    public static KubernetesKind WorkloadEntry { get; } = Istio("WorkloadEntry", "workloadentries");

    /// <summary>Istio's WorkloadGroup.</summary>
    public static KubernetesKind WorkloadGroup { get; } = Istio("WorkloadGroup", "workloadgroups");

    /// <summary>Istio's ServiceEntry.</summary>
    public static KubernetesKind ServiceEntry { get; } = Istio("ServiceEntry", "serviceentries");

    /// <summary>Istio's VirtualService.</summary>
    public static KubernetesKind VirtualService { get; } = Istio("VirtualService", "virtualservices");

    /// <summary>Istio's DestinationRule.</summary>
    public static KubernetesKind DestinationRule { get; } = Istio("DestinationRule", "destinationrules");

    /// <summary>Istio's Gateway.</summary>
    public static KubernetesKind Gateway { get; } = Istio("Gateway", "gateways");

    // v1beta1 is served by every Istio since 1.5 and by ASM; v1 only since 1.22. Discovery picks the newest.
    private static KubernetesKind Istio(string kind, string plural) =>
        new("networking.istio.io", "v1beta1", kind, plural, true);
}
