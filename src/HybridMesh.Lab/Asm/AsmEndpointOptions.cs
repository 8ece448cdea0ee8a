using System.Net;

namespace HybridMesh.Lab;

/// <summary>The mesh instance an <see cref="AsmEndpoint"/> speaks for, and who may call it.</summary>
public sealed record AsmEndpointOptions
{
    /// <summary><c>c</c> and 32 hex digits.</summary>
    public required string MeshId { get; init; }

    public required string AccessKeyId { get; init; }

    public required string AccessKeySecret { get; init; }

    /// <summary>The token that a call which carries one must carry.</summary>
    public string? SecurityToken { get; init; }

    public string Region { get; init; } = "cn-hangzhou";

    /// <summary>The control plane's kubeconfig as text.</summary>
    public Func<string>? Kubeconfig { get; init; }

    /// <summary>The i-th ClusterIP, from 0; null: Services get none.</summary>
    public Func<int, IPAddress>? ServiceAddress { get; init; }

    /// <summary>Signs the tokens GetVmMeta gives.</summary>
    public TokenSigner Signer { get; init; } = new();

    /// <summary>The mesh's authority, which GetVmMeta's certificates come from.</summary>
    public LabCertificates MeshAuthority { get; init; } = new(subject: "O=cluster.local");

    /// <summary>Where VMs reach istiod.</summary>
    public IPAddress EastWestAddress { get; init; } = IPAddress.Loopback;

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
