using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>The host record of a Kubernetes Service.</summary>
public static class ServiceHost
{
    /// <summary>The full name of a Service, as pods know it.</summary>
    public static string NameOf(string serviceName, string ns) => $"{serviceName}.{ns}.svc.cluster.local";

    /// <summary>The full name and the ClusterIP of a Service.</summary>
    /// <exception cref="MeshException">ObjectNotFound; ArgumentInvalid, when the Service has no ClusterIP.</exception>
    public static async Task<HostRecord> LookUpAsync(
        IKubernetesApi dataPlane, string serviceName, string ns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataPlane);
        JsonObject service = await dataPlane
            .FindAsync(KubernetesKind.Service, ns, serviceName, cancellationToken).ConfigureAwait(false)
            ?? throw new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"There is no Service '{serviceName}' in namespace '{ns}' of the data plane {dataPlane.Server}; "
                + "Get-MeshService lists what there is.",
                serviceName);
        string? address = service["spec"]?["clusterIP"]?.GetValue<string>();
        return string.IsNullOrEmpty(address) || address == "None"
            ? throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"Service '{serviceName}' in namespace '{ns}' has no ClusterIP (it is headless or an ExternalName), "
                + "so there is no one address to record; name one with -HostName and -IPAddress.",
                serviceName)
            : new HostRecord(NameOf(serviceName, ns), address);
    }
}
