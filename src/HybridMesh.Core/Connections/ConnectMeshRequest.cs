namespace HybridMesh.Core;

/// <summary>
/// Where a mesh is and how to work with it. Everything null means kubeconfig defaults, as kubectl takes them.
/// </summary>
public sealed record ConnectMeshRequest
{
    /// <summary>The data plane's kubeconfig file; null means $KUBECONFIG, else ~/.kube/config.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The data plane's context; null means the kubeconfig's current one.</summary>
    public string? Context { get; init; }

    /// <summary>
    /// The control plane's kubeconfig file; null means the mesh's own by <see cref="MeshId"/>, else the data plane's.
    /// </summary>
    public string? MeshKubeconfig { get; init; }

    /// <summary>The control plane's context; null means its kubeconfig's current one.</summary>
    public string? MeshContext { get; init; }

    /// <summary>The namespace; null means the data plane context's.</summary>
    public string? Namespace { get; init; }

    /// <summary>The ASM instance's id; null with plain Istio.</summary>
    public string? MeshId { get; init; }

    /// <summary>Where the ASM API and its credentials are; read only with a <see cref="MeshId"/>.</summary>
    public AsmOptions Asm { get; init; } = new();

    /// <summary>How VM commands treat host keys they do not know.</summary>
    public HostKeyPolicy HostKeyPolicy { get; init; }

    /// <summary>Where a running lab is: both planes, and its ASM API with its own throw-away credentials.</summary>
    public static ConnectMeshRequest ForLab(MeshLab lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return new()
        {
            Kubeconfig = lab.Kubeconfig,
            MeshKubeconfig = lab.MeshKubeconfig,
            MeshId = lab.MeshId,
            Asm = new AsmOptions
            {
                Endpoint = new Uri(lab.AsmEndpoint),
                Region = lab.Region,
                Credential = new AsmCredential(lab.AccessKeyId, lab.AccessKeySecret, null),
            },
        };
    }
}
