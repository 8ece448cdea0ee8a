using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// The Alibaba Cloud Service Mesh API, version 2020-01-11. Errors are <see cref="MeshException"/>:
/// AsmOperationWithdrawn
/// for InvalidAction.NotFound, AsmApiError with the API's Code in the message otherwise; secrets are redacted.
/// </summary>
public interface IAsmApi : IAsyncDisposable
{
    /// <summary>The endpoint's URL.</summary>
    Uri Endpoint { get; }

    /// <summary>Registers a VM-hosted app: ServiceEntry, WorkloadEntries, Service.</summary>
    Task AddVmAppToMeshAsync(AsmVmAppRequest request, CancellationToken cancellationToken);

    /// <summary>Removes what AddVmAppToMesh made.</summary>
    Task RemoveVmAppFromMeshAsync(string meshId, string ns, string serviceName, CancellationToken cancellationToken);

    /// <summary>The mesh's kubeconfig as text.</summary>
    Task<string> GetKubeconfigAsync(string meshId, bool privateAddress, CancellationToken cancellationToken);

    /// <summary>
    /// GetVmMeta's VmMetaInfo: what a VM's sidecar is bootstrapped with, field by field, unknown fields too.
    /// Namespace and service account take effect only together.
    /// </summary>
    Task<IReadOnlyDictionary<string, string>> GetVmMetaAsync(
        string meshId, string? ns, string? serviceAccount, string? trustDomain, CancellationToken cancellationToken);

    /// <summary>DescribeServiceMeshDetail's ServiceMesh object.</summary>
    Task<JsonObject> GetMeshAsync(string meshId, CancellationToken cancellationToken);
}

/// <summary>The arguments of AddVmAppToMesh, in the API's own terms.</summary>
public sealed record AsmVmAppRequest
{
    /// <summary>The mesh's id.</summary>
    public required string MeshId { get; init; }

    /// <summary>The namespace; it must exist in the control plane.</summary>
    public required string Namespace { get; init; }

    /// <summary>The service's short name.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The VMs' addresses; their order numbers the WorkloadEntries.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The ports.</summary>
    public required IReadOnlyList<MeshPort> Ports { get; init; }

    /// <summary>The labels of the WorkloadEntries and the workloadSelector.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Annotations of the Service.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>The service account.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>Whether items that exist already are skipped instead of failing the call.</summary>
    public bool Force { get; init; }
}

/// <summary>Makes ASM clients.</summary>
public interface IAsmApiFactory
{
    /// <summary>Opens the ASM API with credentials found as <paramref name="options"/> say.</summary>
    Task<IAsmApi> OpenAsync(AsmOptions options, CancellationToken cancellationToken);
}

/// <summary>Where the ASM API and its credentials are.</summary>
public sealed record AsmOptions
{
    /// <summary>The endpoint; the default is https://servicemesh.aliyuncs.com. Plain http only on loopback.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region.</summary>
    public string? Region { get; init; }

    /// <summary>The profile of `aliyun configure`; null for the environment, then the current profile.</summary>
    public string? Profile { get; init; }

    /// <summary>Credentials given outright, as the lab's; null to look for them.</summary>
    public AsmCredential? Credential { get; init; }
}

/// <summary>An Alibaba Cloud access key.</summary>
public sealed record AsmCredential(string AccessKeyId, string AccessKeySecret, string? SecurityToken)
{
    /// <summary>Hides the secrets.</summary>
    public override string ToString() => $"AccessKeyId {AccessKeyId[..Math.Min(4, AccessKeyId.Length)]}***";
}
